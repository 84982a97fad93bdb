/**
 * Kafka Streams topologies: clips in, feature halves out; halves in, inference requests out; predictions in, windows
 * out; labels in, training examples out. What cannot be used becomes a dead letter with its reason. Never a model.
 */
package io.migr.streams;
