package io.migr.trainer.round;

/** Examples that a round was to read are not kept any more. */
public final class ExamplesGoneException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ExamplesGoneException(Range range, long beginning) {
        super("The examples of " + range + " are not all kept any more, only from offset " + beginning
                + " on. What was learned from them cannot be learned again.");
    }
}
