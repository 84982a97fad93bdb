/**
 * A model as a folder: configuration, weights and tokenizer, read, checked and written. An {@link
 * io.migr.model.checkpoint.EmotionModel} leaves.
 */
package io.migr.model.checkpoint;
