/**
 * A real Kafka broker and a schema registry in this JVM, for machines that have none. Both listen on loopback only; the
 * broker keeps its data in a folder. Kafka's server classes are not a public API, so only this package uses them.
 */
package io.migr.cli.embedded;
