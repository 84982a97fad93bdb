package io.migr.embedded;

/** An error response with one of Confluent's error codes: an HTTP status, or an HTTP status followed by two digits. */
final class RegistryRefusal extends Exception {
    private static final long serialVersionUID = 1L;
    private final int code;

    RegistryRefusal(int code, String message) {
        super(message);
        this.code = code;
    }

    int code() {
        return code;
    }

    /** The HTTP status of the response. */
    int status() {
        return code >= 1000 ? code / 100 : code;
    }
}
