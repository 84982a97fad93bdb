package io.migr.features;

/** The media can't be analysed; the message says what was given, why it can't work and what to do. */
public final class MediaRejectedException extends Exception {
    private static final long serialVersionUID = 1L;

    public MediaRejectedException(String message) {
        super(message);
    }
}
