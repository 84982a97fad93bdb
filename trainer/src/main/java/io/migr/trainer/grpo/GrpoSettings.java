package io.migr.trainer.grpo;

import io.migr.engine.AdamW;

/**
 * Settings of a GRPO run.
 *
 * @param steps optimiser steps
 * @param seed determines tasks and samples
 * @param sampling what a step samples
 * @param descent how a step updates the policy
 * @param budget how far the policy may move away from the reference
 * @param checkpointEvery steps between checkpoints
 * @param validateEvery steps between validations; the first is before the first step
 */
public record GrpoSettings(
        int steps,
        long seed,
        Sampling sampling,
        Descent descent,
        Budget budget,
        int checkpointEvery,
        int validateEvery) {

    /**
     * Sampling from the policy's own distribution (temperature 1).
     *
     * @param clips tasks per step
     * @param group completions per task, at least 2
     * @param limit largest number of tokens per completion
     * @param decoding free or under the grammar
     */
    public record Sampling(int clips, int group, int limit, RolloutDecoding decoding) {
        public Sampling {
            if (clips < 1 || group < 2 || limit < 1) {
                throw new IllegalArgumentException("GRPO needs at least 1 clip, 2 completions per clip to compare, and "
                        + "1 token per completion; given " + clips + ", " + group + " and " + limit + ".");
            }
        }
    }

    /**
     * The update of a step.
     *
     * @param learningRate reached after {@code warmup} steps, then constant
     * @param beta weight of the KL term; if 0, the reference is not run
     * @param clips tasks run through the network at once; the gradient does not depend on it
     * @param orderWeight factor for the advantage at the token that decides the order
     * @param skipFlat leave out groups whose completions all have equal rewards, which saves their passes; otherwise
     *     their KL term counts
     * @param optimiser its settings, with the largest gradient norm
     */
    public record Descent(
            double learningRate,
            int warmup,
            double beta,
            int clips,
            double orderWeight,
            boolean skipFlat,
            AdamW.Settings optimiser) {
        /** The learning rate of a step, counted from 0. */
        double rate(int step) {
            return step < warmup ? learningRate * (step + 1) / (warmup + 1) : learningRate;
        }
    }

    /**
     * The KL budget. A step over it is dropped and ends the run; the best policy so far is kept.
     *
     * @param kl largest mean KL of a step, nats per token; infinity for no limit
     */
    public record Budget(double kl) {
        /** No limit. */
        public static final Budget NONE = new Budget(Double.POSITIVE_INFINITY);
    }

    /** The settings that were stable in the pilot: groups of 8, 12 clips, beta 0.04, 5e-5, no weight decay. */
    public static GrpoSettings pilot(int steps, long seed) {
        return new GrpoSettings(
                steps,
                seed,
                new Sampling(12, 8, 160, RolloutDecoding.FREE),
                new Descent(5e-5, 3, 0.04, 2, 1, true, new AdamW.Settings(0, 0.9, 0.999, 1e-8, 1.0)),
                Budget.NONE,
                20,
                20);
    }

    public GrpoSettings {
        if (checkpointEvery < 1 || validateEvery < 1) {
            throw new IllegalArgumentException("Steps between checkpoints and validations must be at least 1 each, not "
                    + checkpointEvery + " and " + validateEvery + ".");
        }
    }
}
