/**
 * What callers of the model hold: a clip goes in as {@link io.migr.model.ClipInput}, the answer comes
 * out as {@link io.migr.model.Analysis}. The packages below hold the network, its words and its files.
 * DJL only: no Kafka, no Avro, no clock.
 */
package io.migr.model;
