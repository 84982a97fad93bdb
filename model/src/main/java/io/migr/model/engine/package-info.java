/**
 * The engine's base: tensors on disk, named parameters, memory scopes and the kernels that DJL lacks or does
 * slowly, written as TorchScript text. Independent of emotions. Native code runs here: read the
 * warnings in each class before changing it.
 */
package io.migr.model.engine;
