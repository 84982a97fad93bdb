package io.migr.trainer.round;


/** A round was stopped, not by a fault: the service ends, or another trainer runs the rounds now. */
final class RoundStoppedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    RoundStoppedException() {
        super("The round was stopped; it goes on where it was.");
    }
}
