package io.migr.trainer.grpo;

import io.migr.model.decode.Generated;
import io.migr.model.decode.Sampling;
import io.migr.trainer.reward.Completion;
import io.migr.trainer.reward.Reward;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Samples groups of completions and computes their rewards. */
final class Rollouts {
    private final List<Reward> rewards;
    private final GrpoSettings.Sampling settings;

    Rollouts(List<Reward> rewards, GrpoSettings.Sampling settings) {
        this.rewards = rewards;
        this.settings = settings;
    }

    /** Samples one group per task; {@code seed} determines every draw. */
    List<Group> sample(Policy policy, List<Task> tasks, long seed) throws IOException {
        List<Generated> texts = policy.generate(
                tasks, settings.group(), settings.decoding(), new Sampling(1, 1, 1, seed), settings.limit());
        List<Group> groups = new ArrayList<>();
        for (int task = 0; task < tasks.size(); task++) {
            List<Rollout> rollouts = new ArrayList<>();
            for (int g = 0; g < settings.group(); g++) {
                rollouts.add(rollout(policy.reader(), tasks.get(task), texts.get(task * settings.group() + g)));
            }
            groups.add(new Group(tasks.get(task), rollouts));
        }
        for (int i = 0; i < rewards.size(); i++) {
            if (rewards.get(i) instanceof PolicyReward policyReward) {
                addPolicyReward(policyReward, i, policy, groups);
            }
        }
        return groups;
    }

    private static void addPolicyReward(PolicyReward reward, int column, Policy policy, List<Group> groups)
            throws IOException {
        double[][] values = reward.of(policy, groups);
        for (int g = 0; g < values.length; g++) {
            for (int i = 0; i < values[g].length; i++) {
                groups.get(g).rollouts().get(i).rewards()[column] = values[g][i];
            }
        }
    }

    private Rollout rollout(CompletionReader reader, Task task, Generated text) {
        int[] tokens = reader.tokens(text);
        Completion completion = reader.completion(text);
        double[] values = new double[rewards.size()];
        for (int i = 0; i < values.length; i++) {
            if (rewards.get(i) instanceof PolicyReward) {
                continue;
            }
            values[i] = rewards.get(i).of(task.target(), completion);
            if (!Double.isFinite(values[i])) {
                throw new IllegalStateException("Reward " + rewards.get(i).name() + " is " + values[i]
                        + " for a completion; a reward must be a finite number. The completion: " + completion.text());
            }
        }
        return new Rollout(tokens, text.stopped(), reader.orderToken(tokens), completion, values);
    }
}
