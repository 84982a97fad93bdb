package io.migr.streams.records;

/** A record cannot be used; the message says what was given, why it can't work and what to do. */
public final class ClipRefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    public ClipRefusedException(String message) {
        super(message);
    }

    public ClipRefusedException(String message, Throwable cause) {
        super(message, cause);
    }
}
