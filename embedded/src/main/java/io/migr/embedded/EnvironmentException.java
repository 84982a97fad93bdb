package io.migr.embedded;

/** A failure caused by the environment: a port in use, an unwritable folder, a missing program. Exit code 3. */
public final class EnvironmentException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public EnvironmentException(String message) {
        super(message);
    }

    public EnvironmentException(String message, Throwable cause) {
        super(message, cause);
    }
}
