package io.migr.trainer.round;

import io.migr.schemas.TrainingRequest;

/**
 * Keeps track of which requests for a round have been read and which have been answered. One round answers all requests
 * that were read before it started.
 */
final class PendingRequests {
    private static final long NONE = -1;

    private long asked = NONE;
    private long answered = NONE;
    private long askedAt;
    private boolean always;

    /**
     * Adds a request that was read.
     *
     * @param offset of its record
     * @param timestamp of its record, ms
     */
    void add(long offset, long timestamp, TrainingRequest request) {
        asked = offset;
        askedAt = timestamp;
        always |= request.getAlways();
    }

    /** Forgets the unanswered requests; the trainer that is assigned the partition next reads them again. */
    void forget() {
        asked = NONE;
        always = false;
    }

    /** Whether a request is unanswered. */
    boolean pending() {
        return asked > answered;
    }

    /** Whether an unanswered request asks for a round even if no example is new. */
    boolean always() {
        return always;
    }

    /** The offset of the last request. */
    long offset() {
        return asked;
    }

    /** When the last request was written, ms. */
    long askedAt() {
        return askedAt;
    }

    /** Marks all requests up to an offset as answered. */
    void answer(long request) {
        if (asked <= request) {
            always = false;
        }
        answered = Math.max(answered, request);
    }
}
