package io.migr.trainer.grpo;

import io.migr.trainer.reward.Reward;
import io.migr.trainer.reward.Reward.Credit;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Computes the advantage of each completion over its group and assigns it to the completion's tokens:
 *
 * <pre>
 * A_i = (r_i - mean(r)) / (s(r) + 1e-4),   s: sample standard deviation (n - 1)
 * </pre>
 *
 * Rewards with {@link Credit#SEQUENCE} are summed and their advantage goes to every token. Rewards with {@link
 * Credit#ORDER_TOKEN} are summed separately; their advantage goes only to the token that decides the order, and that
 * token gets no other advantage. In a pilot the order reward was spread over the whole sequence: at the one token that
 * it is about, the other rewards outweighed it, and the order collapsed. Mean and deviation of the order advantage are
 * taken over the well-formed completions of the group; malformed completions get none. A text that is malformed further
 * on may have started in the right order, and counting it as wrong would favour whichever order is easier to complete.
 */
public final class Advantages {
    private static final double EPSILON = 1e-4;
    /** Rewards that differ by less count as equal, because sums in another order differ by rounding. */
    private static final double EQUAL = 1e-9;

    private final boolean[] order;
    private final boolean hasOrderReward;
    private final double orderWeight;

    /**
     * Computes advantages for these rewards.
     *
     * @param orderWeight factor for the advantage of the order token
     */
    public Advantages(List<Reward> rewards, double orderWeight) {
        order = new boolean[rewards.size()];
        boolean found = false;
        for (int i = 0; i < order.length; i++) {
            order[i] = rewards.get(i).credit() == Credit.ORDER_TOKEN;
            found |= order[i];
        }
        hasOrderReward = found;
        this.orderWeight = orderWeight;
    }

    /** The advantages of one group's rewards. */
    public static double[] of(double[] rewards) {
        double mean = Arrays.stream(rewards).average().orElse(0);
        double deviation = deviation(rewards);
        return Arrays.stream(rewards)
                .map(reward -> (reward - mean) / (deviation + EPSILON))
                .toArray();
    }

    /** The sample standard deviation; 0 for a single value. */
    public static double deviation(double[] values) {
        if (values.length < 2) {
            return 0;
        }
        double mean = Arrays.stream(values).average().orElseThrow();
        double squares = Arrays.stream(values)
                .map(value -> (value - mean) * (value - mean))
                .sum();
        return Math.sqrt(squares / (values.length - 1));
    }

    /** Whether the group gives no signal: each reward is equal for all its completions. */
    public boolean flat(Group group) {
        double[] orders = group.totals(i -> order[i]);
        int[] formed = formed(group);
        return equal(group.totals(i -> !order[i]))
                && equal(Arrays.stream(formed).mapToDouble(g -> orders[g]).toArray());
    }

    private static boolean equal(double[] values) {
        return Arrays.stream(values).max().orElse(0)
                        - Arrays.stream(values).min().orElse(0)
                < EQUAL;
    }

    /** Indices of the well-formed completions. */
    private static int[] formed(Group group) {
        return IntStream.range(0, group.rollouts().size())
                .filter(g -> group.rollouts().get(g).completion().explanation().isPresent())
                .toArray();
    }

    /** The order advantage of each completion; 0 for malformed ones. */
    private double[] orderAdvantages(Group group) {
        double[] totals = group.totals(i -> order[i]);
        int[] formed = formed(group);
        double[] among = of(Arrays.stream(formed).mapToDouble(g -> totals[g]).toArray());
        double[] advantages = new double[totals.length];
        for (int i = 0; i < formed.length; i++) {
            advantages[formed[i]] = among[i];
        }
        return advantages;
    }

    /** The advantage of each token, {@code [completion][token]}. */
    public float[][] tokens(Group group) {
        double[] sequence = of(group.totals(i -> !order[i]));
        double[] orders = orderAdvantages(group);
        float[][] tokens = new float[group.rollouts().size()][];
        for (int g = 0; g < tokens.length; g++) {
            Rollout rollout = group.rollouts().get(g);
            tokens[g] = new float[rollout.tokens().length];
            Arrays.fill(tokens[g], (float) sequence[g]);
            if (hasOrderReward && rollout.orderToken() >= 0) {
                tokens[g][rollout.orderToken()] = (float) (orderWeight * orders[g]);
            }
        }
        return tokens;
    }
}
