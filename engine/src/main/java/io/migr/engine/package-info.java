/**
 * The tensor engine below the network: kernels compiled from TorchScript text, tensors on disk, named
 * parameters, memory scopes and AdamW. It knows nothing of emotions and owns no layer: a layer hands in
 * its kernel text. Native code runs here; read the warnings in a class before you change it.
 */
package io.migr.engine;
