package io.migr.trainer.grpo;

import java.util.List;

/** All completions of one task in one step. */
public record Group(Task task, List<Rollout> rollouts) {
    public Group {
        rollouts = List.copyOf(rollouts);
    }

    /** For each completion, the sum of its rewards with a chosen index. */
    double[] totals(java.util.function.IntPredicate chosen) {
        return rollouts.stream()
                .mapToDouble(rollout -> {
                    double sum = 0;
                    for (int i = 0; i < rollout.rewards().length; i++) {
                        sum += chosen.test(i) ? rollout.rewards()[i] : 0;
                    }
                    return sum;
                })
                .toArray();
    }
}
