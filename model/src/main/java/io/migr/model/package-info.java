/**
 * The types that callers of the model use: a clip goes in as {@link io.migr.model.ClipInput}, the result
 * comes out as {@link io.migr.model.Analysis}. The packages below contain the network, its texts and its
 * files. DJL only: no Kafka, no Avro.
 */
package io.migr.model;
