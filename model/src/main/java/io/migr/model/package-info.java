/**
 * The network and its words: towers, projectors, decoder, tokenizer, modality importance, explanation
 * grammar, generation, checkpoints. Clips enter as {@link io.migr.model.ClipInput}, leave as {@link
 * io.migr.model.Analysis}. DJL only: no Kafka, no Avro, no clock.
 */
package io.migr.model;
