/**
 * The contract between rooms and with the outside: generated Avro records, the topic catalogue, serdes
 * in Confluent's wire format, the registry client. No logic.
 */
package io.migr.schemas;
