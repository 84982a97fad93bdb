/**
 * The contract between modules and with other programs: generated Avro records, the topic catalogue, serdes in
 * Confluent wire format and the registry client. It contains no processing logic.
 */
package io.migr.schemas;
