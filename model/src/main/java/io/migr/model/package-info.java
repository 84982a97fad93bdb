/**
 * The network and its texts: towers, projectors, decoder, tokenizer, modality importance, explanation grammar,
 * generation and checkpoints. Input: clips as {@link io.migr.model.ClipInput}. Output: {@link io.migr.model.Analysis}.
 * Depends on DJL only: no Kafka, no Avro, no clock.
 */
package io.migr.model;
