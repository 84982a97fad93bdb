package io.migr.trainer.reward;


/**
 * Whether the completion has the form: two modality blocks, the weighing one, an answer of the label set, nothing
 * else, and was not cut. 0 or 1. Source: the format reward of R1-Omni and ERV, for MIGR's grammar.
 */
public final class FormatReward implements Reward {

    @Override
    public String name() {
        return "format";
    }

    @Override
    public double of(Target target, Completion completion) {
        return completion.explanation().isPresent() ? 1 : 0;
    }
}
