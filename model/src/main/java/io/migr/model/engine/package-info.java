/**
 * The engine's base: tensors on disk, named parameters, memory scopes and the kernels that DJL lacks or does
 * slowly, written as TorchScript text. Knows nothing of emotions. Native code runs here: see the traps in each
 * class before changing one.
 */
package io.migr.model.engine;
