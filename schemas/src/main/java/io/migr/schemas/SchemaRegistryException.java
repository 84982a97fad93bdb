package io.migr.schemas;

import org.apache.kafka.common.errors.SerializationException;

/** The registry refused or does not know; the message says what and where. */
public final class SchemaRegistryException extends SerializationException {
    private static final long serialVersionUID = 1L;

    public SchemaRegistryException(String message, Throwable cause) {
        super(message, cause);
    }

    public SchemaRegistryException(String message) {
        super(message);
    }
}
