package io.migr.schemas;

import org.apache.avro.Schema;

/** What serdes need of a schema registry. Implementations are thread-safe and cache. */
public interface SchemaRegistryClient {

    /**
     * Registers a schema under a subject, or finds it there.
     *
     * @return its id
     * @throws SchemaRegistryException when the registry refuses it
     * @throws SchemaRegistryUnavailableException when it can't be reached; the call can be repeated
     */
    int register(String subject, Schema schema);

    /** The schema with this id. */
    Schema byId(int id);
}
