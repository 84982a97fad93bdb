/**
 * The network from pixels and log-mel to logits: preprocessing, towers, projectors, heads and the Qwen2
 * decoder, each layer with the text of its kernels beside it. Tensors enter and leave; no words.
 */
package io.migr.model.network;
