package io.migr.schemas;

import java.util.ArrayList;
import java.util.List;
import org.apache.avro.Schema;

/** A registry that exists only in this JVM, for tests and for tools that exchange no records with other processes. */
public final class InMemorySchemaRegistry implements SchemaRegistryClient {
    private final List<Schema> schemas = new ArrayList<>();

    @Override
    public synchronized int register(String subject, Schema schema) {
        int at = schemas.indexOf(schema);
        if (at < 0) {
            schemas.add(schema);
            at = schemas.size() - 1;
        }
        return at + 1;
    }

    @Override
    public synchronized Schema byId(int id) {
        if (id < 1 || id > schemas.size()) {
            throw new SchemaRegistryException("No schema has id " + id + "; " + schemas.size() + " are registered.");
        }
        return schemas.get(id - 1);
    }
}
