package io.migr.cli.embedded;

/** An answer that is an error, with Confluent's numbers: an HTTP status, or one followed by two more digits. */
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

    int status() {
        return code >= 1000 ? code / 100 : code;
    }
}
