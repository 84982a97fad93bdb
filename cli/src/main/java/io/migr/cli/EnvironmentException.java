package io.migr.cli;

/** The surroundings don't allow it: a port in use, a locked folder, a missing program. Exit code 3. */
public final class EnvironmentException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public EnvironmentException(String message, Throwable cause) {
        super(message, cause);
    }

    public EnvironmentException(String message) {
        super(message);
    }
}
