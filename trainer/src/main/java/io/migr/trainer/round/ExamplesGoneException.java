package io.migr.trainer.round;

/** Thrown when examples a round has to read have been deleted from the topic. */
public final class ExamplesGoneException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ExamplesGoneException(ExampleRange range, long beginning, long end) {
        super("The examples of " + range + " have been deleted: the topic has offsets " + beginning + " to " + (end - 1)
                + ". Training that used them cannot be repeated.");
    }
}
