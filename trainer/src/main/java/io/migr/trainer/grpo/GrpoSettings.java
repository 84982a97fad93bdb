package io.migr.trainer.grpo;

import io.migr.engine.AdamW;


/**
 * How to run GRPO.
 *
 * @param steps optimiser steps
 * @param seed decides tasks and samples
 * @param sampling what a step samples
 * @param descent what a step does with it
 * @param budget how far from the reference the policy may go
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
     * Sampling, at temperature 1: the policy's own distribution.
     *
     * @param clips tasks of a step
     * @param group completions of a task, at least 2
     * @param limit most tokens of a completion
     * @param decoding free or under the grammar
     */
    public record Sampling(int clips, int group, int limit, Decoding decoding) {
        public Sampling {
            if (clips < 1 || group < 2 || limit < 1) {
                throw new IllegalArgumentException("GRPO needs clips, at least 2 completions each to compare, and "
                        + "room for a token; given " + clips + ", " + group + " and " + limit + ".");
            }
        }
    }

    /**
     * The update.
     *
     * @param learningRate reached after {@code warmup} steps, then constant
     * @param beta weight of the KL term; 0: no reference is run
     * @param clips tasks that are run through the network at once; the gradient is the same for any number
     * @param orderWeight factor of the advantage at the token that decides the order
     * @param skipFlat leave out groups that no reward tells apart, which saves their passes; else their KL term counts
     * @param optimiser with the largest gradient norm
     */
    public record Descent(
            double learningRate,
            int warmup,
            double beta,
            int clips,
            double orderWeight,
            boolean skipFlat,
            AdamW.Settings optimiser) {
        double rate(int step) {
            return step < warmup ? learningRate * (step + 1) / (warmup + 1) : learningRate;
        }
    }

    /**
     * The KL budget. A step over it is dropped and ends the run; the best policy so far is kept.
     *
     * @param kl largest mean KL of a step, nats per token; infinity: none
     */
    public record Budget(double kl) {
        public static final Budget NONE = new Budget(Double.POSITIVE_INFINITY);
    }

    /** What was stable in the pilot: groups of 8, 12 clips, beta 0.04, 5e-5, no weight decay. */
    public static GrpoSettings pilot(int steps, long seed) {
        return new GrpoSettings(
                steps,
                seed,
                new Sampling(12, 8, 160, Decoding.FREE),
                new Descent(5e-5, 3, 0.04, 2, 1, true, new AdamW.Settings(0, 0.9, 0.999, 1e-8, 1.0)),
                Budget.NONE,
                20,
                20);
    }

    public GrpoSettings {
        if (checkpointEvery < 1 || validateEvery < 1) {
            throw new IllegalArgumentException("Steps between checkpoints and between validations are 1 or more, not "
                    + checkpointEvery + " and " + validateEvery + ".");
        }
    }
}
