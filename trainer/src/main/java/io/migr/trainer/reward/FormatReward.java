package io.migr.trainer.reward;

/**
 * Whether the completion is well-formed: two modality blocks, the weighing block, an answer from the label set, nothing
 * else, and not cut. 0 or 1. Source: the format reward of R1-Omni and ERV, for MIGR's grammar.
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
