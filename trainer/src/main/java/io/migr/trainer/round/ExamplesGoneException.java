package io.migr.trainer.round;

/** Thrown if examples that a round needs have been deleted from the topic. */
public final class ExamplesGoneException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ExamplesGoneException(ExampleRange range, long beginning, long end) {
        super("The examples of " + range + " have been deleted: the topic has offsets " + beginning + " to " + (end - 1)
                + ". Training that used them cannot be repeated.");
    }
}
