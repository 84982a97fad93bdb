package io.migr.trainer.grpo;

/**
 * How completions are sampled, and over which distribution their log-probabilities are taken. The service decodes under
 * a grammar; training does not have to.
 */
public enum RolloutDecoding {
    /**
     * Any token may follow. Log-probabilities are those of the sampling distribution, and the format reward is
     * informative.
     */
    FREE,
    /**
     * Sampled under the grammar; log-probabilities are renormalised over the tokens it allows, so they are those of the
     * sampling distribution. Tokens without an alternative have log-probability 0 and no gradient; the probability of
     * forbidden tokens is not trained.
     */
    GRAMMAR,
    /**
     * Sampled under the grammar; log-probabilities over the whole vocabulary. The gradient is biased (the samples come
     * from another distribution than the one scored), but it also trains the format.
     */
    GRAMMAR_PLAIN;

    boolean constrained() {
        return this != FREE;
    }
}
