/**
 * What every service needs to run: configuration, Kafka clients, topics, dead letters, health and metrics. Nothing here
 * depends on what a service computes. The command line creates the {@link io.migr.runtime.Configuration} and passes it
 * to the services.
 */
package io.migr.runtime;
