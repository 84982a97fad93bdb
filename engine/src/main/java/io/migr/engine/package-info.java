/**
 * The tensor engine below the network: kernels compiled from TorchScript text, tensors on disk, named
 * parameters, losses and AdamW. It knows nothing about emotions and contains no layer: each layer passes in
 * its own kernel text. Native code runs here; read the warnings in a class before you change it.
 */
package io.migr.engine;
