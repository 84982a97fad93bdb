/**
 * Kafka Streams topologies: clips to feature halves, halves to inference requests, predictions to timeline windows and
 * labels to training examples. A record that cannot be used becomes a dead letter with the reason. No topology runs a
 * model.
 */
package io.migr.streams;
