package io.migr.trainer.round;

/** Thrown if a round is stopped without an error: the service shuts down, or another trainer has taken over. */
final class RoundStoppedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    RoundStoppedException() {
        super("The round was stopped; it resumes from its last checkpoint.");
    }
}
