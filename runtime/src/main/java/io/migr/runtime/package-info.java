/**
 * How a service lives: configuration, Kafka clients, topics, dead letters, health and metrics. Nothing here knows
 * what a service computes. Services get their {@link io.migr.runtime.Configuration} from the command line.
 */
package io.migr.runtime;
