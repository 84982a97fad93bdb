package io.migr.trainer.grpo;

import io.migr.trainer.reward.Completion;
import io.migr.trainer.reward.Reward;
import io.migr.trainer.reward.Target;
import java.io.IOException;
import java.util.List;

/** A reward computed with the policy itself, e.g. from its log-probabilities. */
public interface PolicyReward extends Reward {

    /** The rewards of all completions of the groups, group by group. */
    double[][] of(Policy policy, List<Group> groups) throws IOException;

    /** Always fails: the reward cannot be computed from a text alone. */
    @Override
    default double of(Target target, Completion completion) {
        throw new IllegalStateException("The reward " + name() + " needs the policy; it cannot be computed from a "
                + "text alone. Use it in GRPO, and leave it out where texts are scored afterwards.");
    }
}
