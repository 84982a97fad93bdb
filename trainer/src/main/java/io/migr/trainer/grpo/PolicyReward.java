package io.migr.trainer.grpo;

import io.migr.trainer.reward.Completion;
import io.migr.trainer.reward.Reward;
import io.migr.trainer.reward.Target;
import java.io.IOException;
import java.util.List;


/** A reward that asks the policy itself about what it said. */
public interface PolicyReward extends Reward {

    /** The rewards of all completions of some groups, group by group. */
    double[][] of(Policy policy, List<Group> groups) throws IOException;

    /** A text alone does not suffice. */
    @Override
    default double of(Target target, Completion completion) {
        throw new IllegalStateException("The reward " + name() + " has to ask the policy; it can't be computed from a "
                + "text alone. Use it in GRPO, and leave it out where texts are scored afterwards.");
    }
}
