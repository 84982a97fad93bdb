package io.migr.trainer.round;

import io.migr.schemas.TrainingRequest;

/** The requests for a round that were read and those that were answered; one round answers all that were read before it. */
final class PendingRequests {
    private static final long NONE = -1;

    private long asked = NONE;
    private long answered = NONE;
    private long askedAt;
    private boolean always;

    /**
     * A request was read.
     *
     * @param offset of its record
     * @param timestamp of its record, ms
     */
    void add(long offset, long timestamp, TrainingRequest request) {
        asked = offset;
        askedAt = timestamp;
        always |= request.getAlways();
    }

    /** Forgets what was read and not answered: whoever has the partition now reads it again. */
    void forget() {
        asked = NONE;
        always = false;
    }

    /** Whether one is not answered. */
    boolean pending() {
        return asked > answered;
    }

    /** Whether one asks for a round even where no example is new. */
    boolean always() {
        return always;
    }

    /** The offset of the last one. */
    long offset() {
        return asked;
    }

    /** When the last one was written, ms. */
    long askedAt() {
        return askedAt;
    }

    /** All up to an offset were answered. */
    void answer(long request) {
        if (asked <= request) {
            always = false;
        }
        answered = Math.max(answered, request);
    }
}
