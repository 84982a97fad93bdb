package io.migr.schemas;

import org.apache.kafka.common.errors.RetriableException;

/** The registry can't be reached at the moment. The record may be valid, so the caller should retry. */
public final class SchemaRegistryUnavailableException extends RetriableException {
    private static final long serialVersionUID = 1L;

    public SchemaRegistryUnavailableException(String message, Throwable cause) {
        super(message, cause);
    }
}
