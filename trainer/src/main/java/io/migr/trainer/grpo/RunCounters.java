package io.migr.trainer.grpo;

/**
 * Counts of a run since its first step.
 *
 * @param tokens prompt and completion tokens of all samples; a prompt counts once per completion, as in TRL
 * @param completions number of sampled completions
 * @param flatGroups groups in which each reward was equal for all completions
 * @param nonFinite steps dropped because their gradient was not finite
 * @param overBudget steps dropped because their KL was over budget
 */
public record RunCounters(long tokens, long completions, long flatGroups, long nonFinite, long overBudget) {
    static final RunCounters NONE = new RunCounters(0, 0, 0, 0, 0);

    static RunCounters of(long[] saved) {
        return new RunCounters(saved[0], saved[1], saved[2], saved[3], saved[4]);
    }

    long[] saved() {
        return new long[] {tokens, completions, flatGroups, nonFinite, overBudget};
    }

    /** These counts plus those of a step's samples. */
    RunCounters plusSampled(long moreTokens, long moreCompletions, long moreFlat) {
        return new RunCounters(
                tokens + moreTokens, completions + moreCompletions, flatGroups + moreFlat, nonFinite, overBudget);
    }

    /** These counts plus a dropped step, if either reason applies. */
    RunCounters plusDropped(boolean notFinite, boolean beyondBudget) {
        return new RunCounters(
                tokens, completions, flatGroups, nonFinite + (notFinite ? 1 : 0), overBudget + (beyondBudget ? 1 : 0));
    }
}
