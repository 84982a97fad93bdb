/**
 * Kafka Streams topologies: clips to feature records, feature records to inference requests, predictions
 * to a timeline, labels to training examples. What cannot be used becomes a dead letter with its reason.
 * No model runs here.
 */
package io.migr.streams;
