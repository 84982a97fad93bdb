package io.migr.schemas;

import org.apache.kafka.common.errors.SerializationException;

/** The registry rejected a schema or does not know an id; the message says which one and what the registry answered. */
public final class SchemaRegistryException extends SerializationException {
    private static final long serialVersionUID = 1L;

    public SchemaRegistryException(String message, Throwable cause) {
        super(message, cause);
    }

    public SchemaRegistryException(String message) {
        super(message);
    }
}
