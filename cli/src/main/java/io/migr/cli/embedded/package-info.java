/**
 * A real Kafka broker inside our JVM, for machines that have none. It listens on loopback only and keeps its data in a
 * folder. Kafka's server classes are no public API: they are touched in this package alone.
 */
package io.migr.cli.embedded;
