package io.migr.trainer.round;


/** Examples that a round was to read are not kept any more. */
public final class ExamplesGoneException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ExamplesGoneException(ExampleRange range, long beginning, long end) {
        super("The examples of " + range + " are not there any more: the topic has offsets " + beginning + " to "
                + (end - 1) + ". What was learned from them cannot be learned again.");
    }
}
