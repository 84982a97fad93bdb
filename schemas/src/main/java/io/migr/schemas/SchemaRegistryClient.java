package io.migr.schemas;

import org.apache.avro.Schema;

/** What serdes need from a schema registry. Implementations are thread-safe and cache schemas and ids. */
public interface SchemaRegistryClient {

    /**
     * Registers a schema under a subject, unless it is registered there already.
     *
     * @return its id
     * @throws SchemaRegistryException if the registry rejects the schema
     * @throws SchemaRegistryUnavailableException if the registry can't be reached; the call can be repeated
     */
    int register(String subject, Schema schema);

    /** The schema with this id; throws the same exceptions as {@link #register}. */
    Schema byId(int id);
}
