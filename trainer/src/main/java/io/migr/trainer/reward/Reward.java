package io.migr.trainer.reward;


/** What a completion is worth under one criterion. Thread-safe. */
public interface Reward {

    /** Which tokens receive the advantage that this reward causes. */
    enum Credit {
        /** All tokens of the completion, as GRPO has it. */
        SEQUENCE,
        /** The one token that opens the first modality block and so decides the order. */
        ORDER_TOKEN
    }

    /** As metrics name it, e.g. {@code answer}. */
    String name();

    /** The reward; each implementation says its range. */
    double of(Target target, Completion completion);

    /** Where its advantage goes. */
    default Credit credit() {
        return Credit.SEQUENCE;
    }
}
