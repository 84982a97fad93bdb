package io.migr.streams;

/** Why a record cannot be used: says what was given, why it can't work, what to do. */
public final class ClipRefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    public ClipRefusedException(String message) {
        super(message);
    }

    public ClipRefusedException(String message, Throwable cause) {
        super(message, cause);
    }
}
