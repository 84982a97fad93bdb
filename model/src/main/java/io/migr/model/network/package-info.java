/**
 * The network from pixels and log-mel to logits: preprocessing, towers, projectors, heads and the Qwen2
 * decoder, each layer next to the text of its kernels. Tensors enter and leave; no text.
 */
package io.migr.model.network;
