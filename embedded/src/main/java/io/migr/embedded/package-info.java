/**
 * A real Kafka broker and a schema registry in this process, for machines that have none. They listen on
 * loopback only and keep their data in one folder. Kafka's server classes are not a public API: they are
 * used in this package alone.
 */
package io.migr.embedded;
