package io.migr.runtime.models;

import java.io.IOException;

/** An artifact cannot be stored or fetched; the message says which one, why and what to do. */
public final class ArtifactException extends IOException {
    private static final long serialVersionUID = 1L;

    public ArtifactException(String message) {
        super(message);
    }

    public ArtifactException(String message, Throwable cause) {
        super(message, cause);
    }
}
