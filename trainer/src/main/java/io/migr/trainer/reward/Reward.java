package io.migr.trainer.reward;

/** Scores a completion by one criterion. Thread-safe. */
public interface Reward {

    /** Which tokens receive the advantage computed from this reward. */
    enum Credit {
        /** All tokens of the completion, as in standard GRPO. */
        SEQUENCE,
        /** The one token that opens the first modality block and so decides the order. */
        ORDER_TOKEN
    }

    /** The name used in metrics, e.g. {@code answer}. */
    String name();

    /** The reward of a completion; each implementation documents its range. Must be finite and deterministic. */
    double of(Target target, Completion completion);

    /** The tokens that receive its advantage. */
    default Credit credit() {
        return Credit.SEQUENCE;
    }
}
