/** Kafka clients built from the configuration, topics, serdes and dead letters. */
package io.migr.runtime.kafka;
