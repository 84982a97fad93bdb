package io.migr.trainer.grpo;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.migr.trainer.reward.Reward;
import java.util.Arrays;
import java.util.List;

/** Metrics of a step's samples, under TRL's names. */
final class StepMetrics {
    private StepMetrics() {}

    /**
     * Adds reward and length figures: {@code reward} is the mean of the summed rewards, {@code reward_std} the mean of
     * the groups' sample deviations, {@code rewards/NAME/mean} and {@code /std} are over all completions, lengths are
     * in tokens with the end token, {@code completions/clipped_ratio} is the share cut at the limit.
     */
    static void samples(ObjectNode line, List<Group> groups, List<Reward> rewards) {
        List<Rollout> all =
                groups.stream().flatMap(group -> group.rollouts().stream()).toList();
        double[][] totals =
                groups.stream().map(group -> group.totals(i -> true)).toArray(double[][]::new);
        double[] deviations =
                Arrays.stream(totals).mapToDouble(Advantages::deviation).toArray();
        line.put(
                "reward",
                mean(Arrays.stream(totals).flatMapToDouble(Arrays::stream).toArray()));
        line.put("reward_std", mean(deviations));
        line.put(
                "frac_reward_zero_std",
                mean(Arrays.stream(deviations).map(d -> d < 1e-9 ? 1 : 0).toArray()));
        for (int i = 0; i < rewards.size(); i++) {
            int which = i;
            double[] own = all.stream()
                    .mapToDouble(rollout -> rollout.rewards()[which])
                    .toArray();
            line.put("rewards/" + rewards.get(i).name() + "/mean", mean(own));
            line.put("rewards/" + rewards.get(i).name() + "/std", Advantages.deviation(own));
        }
        lengths(
                line,
                "completions/",
                all.stream().mapToDouble(StepMetrics::length).toArray());
        line.put(
                "completions/clipped_ratio",
                mean(all.stream()
                        .mapToDouble(rollout -> rollout.stopped() ? 0 : 1)
                        .toArray()));
        double[] ended = all.stream()
                .filter(Rollout::stopped)
                .mapToDouble(StepMetrics::length)
                .toArray();
        if (ended.length > 0) {
            line.put("completions/mean_terminated_length", mean(ended));
        }
    }

    private static double length(Rollout rollout) {
        return rollout.tokens().length;
    }

    private static void lengths(ObjectNode line, String prefix, double[] lengths) {
        line.put(prefix + "mean_length", mean(lengths));
        line.put(prefix + "min_length", Arrays.stream(lengths).min().orElse(0));
        line.put(prefix + "max_length", Arrays.stream(lengths).max().orElse(0));
    }

    private static double mean(double[] values) {
        return Arrays.stream(values).average().orElse(0);
    }
}
