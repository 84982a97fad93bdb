package io.migr.schemas;

import org.apache.kafka.common.errors.RetriableException;

/** The registry can't be reached now: nothing is wrong with the record, it has to be tried again. */
public final class SchemaRegistryUnavailableException extends RetriableException {
    private static final long serialVersionUID = 1L;

    public SchemaRegistryUnavailableException(String message, Throwable cause) {
        super(message, cause);
    }
}
