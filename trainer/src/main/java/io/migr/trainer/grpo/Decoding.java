package io.migr.trainer.grpo;


/**
 * How completions are sampled, and in which distribution their log-probabilities are taken. The service decodes under
 * a grammar; training need not.
 */
public enum Decoding {
    /**
     * Any token may follow. Log-probabilities are those of the distribution sampled from, and a format reward means
     * something.
     */
    FREE,
    /**
     * Sampled under the grammar; log-probabilities are renormalised over the tokens it allows, so they are those of
     * the distribution sampled from. Tokens without a choice have log-probability 0 and no gradient; the weight of
     * what the grammar forbids is not learned.
     */
    GRAMMAR,
    /**
     * Sampled under the grammar; log-probabilities over the whole vocabulary. The gradient is biased (samples come
     * from another distribution than the one that is scored), but it also teaches the form.
     */
    GRAMMAR_PLAIN;

    boolean constrained() {
        return this != FREE;
    }
}
