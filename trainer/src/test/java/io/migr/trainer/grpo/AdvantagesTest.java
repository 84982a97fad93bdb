package io.migr.trainer.grpo;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.migr.model.Emotion;
import io.migr.model.Explanation;
import io.migr.model.explain.ExplanationGrammar;
import io.migr.trainer.reward.Completion;
import io.migr.trainer.reward.Reward;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Compares advantages with values computed by hand. */
final class AdvantagesTest {
    private static final Reward ANSWER = ToyRewards.named("answer", Reward.Credit.SEQUENCE);
    private static final Explanation FORMED = ExplanationGrammar.parse(
                    "<vis_desc> a. </vis_desc> <aud_desc> b. </aud_desc> <think> c. </think> <answer> sad </answer>",
                    Emotion.DFEW,
                    Explanation.Finish.STOP)
            .orElseThrow();
    private static final Reward ORDER = ToyRewards.named("order", Reward.Credit.ORDER_TOKEN);

    /** Completions of three tokens with the given order token; one row of rewards per completion. */
    private static Group group(int orderToken, double[]... rewards) {
        return new Group(
                null,
                IntStream.range(0, rewards.length)
                        .mapToObj(i -> new Rollout(
                                new int[3], true, orderToken, new Completion("", Optional.of(FORMED)), rewards[i]))
                        .toList());
    }

    @Test
    void deviationIsTheSampleStandardDeviation() {
        // 1, 3: mean 2, deviation sqrt(((-1)^2 + 1^2) / 1) = 1.41421
        assertEquals(Math.sqrt(2), Advantages.deviation(new double[] {1, 3}), 1e-12);
        assertEquals(0, Advantages.deviation(new double[] {5}));
        double[] advantages = Advantages.of(new double[] {1, 3});
        assertArrayEquals(new double[] {-1 / (Math.sqrt(2) + 1e-4), 1 / (Math.sqrt(2) + 1e-4)}, advantages, 1e-12);
    }

    @Test
    void sequenceRewardsAreSummedAndReachEveryToken() {
        Advantages advantages = new Advantages(List.of(ANSWER, ANSWER), 1);
        float[][] tokens = advantages.tokens(group(0, new double[] {1, 1}, new double[] {0, 0}));
        float expected = (float) (1 / (Math.sqrt(2) + 1e-4));
        assertArrayEquals(new float[] {expected, expected, expected}, tokens[0], 1e-6f);
        assertArrayEquals(new float[] {-expected, -expected, -expected}, tokens[1], 1e-6f);
    }

    @Test
    void theOrderTokenGetsOnlyTheOrderAdvantage() {
        Advantages advantages = new Advantages(List.of(ANSWER, ORDER), 1);
        float[][] tokens = advantages.tokens(group(1, new double[] {1, 0}, new double[] {0, 1}));
        float expected = (float) (0.5 / (Math.sqrt(0.5) + 1e-4));
        assertArrayEquals(new float[] {expected, -expected, expected}, tokens[0], 1e-6f);
        assertArrayEquals(new float[] {-expected, expected, -expected}, tokens[1], 1e-6f);
    }

    @Test
    void malformedCompletionsGetNoOrderAdvantage() {
        List<Rollout> rollouts = new ArrayList<>(
                group(0, new double[] {1, 1}, new double[] {1, 0}).rollouts());
        rollouts.add(new Rollout(new int[3], true, 0, new Completion("", Optional.empty()), new double[] {0, 0}));
        Group group = new Group(null, rollouts);
        float[][] tokens = new Advantages(List.of(ANSWER, ORDER), 1).tokens(group);
        // of the two well-formed ones, one has the right order: 0.5 from the mean, deviation 0.70711
        float expected = (float) (0.5 / (Math.sqrt(0.5) + 1e-4));
        assertEquals(expected, tokens[0][0], 1e-6f);
        assertEquals(-expected, tokens[1][0], 1e-6f);
        assertEquals(0, tokens[2][0]);
        // all three count for the answer reward: 1, 1, 0
        assertEquals(-2 / 3.0 / (Math.sqrt(1 / 3.0) + 1e-4), tokens[2][1], 1e-5);
        assertTrue(new Advantages(List.of(ORDER), 1)
                .flat(new Group(
                        null,
                        List.of(
                                new Rollout(new int[3], true, 0, rollouts.get(0).completion(), new double[] {1}),
                                new Rollout(new int[3], true, 0, rollouts.get(2).completion(), new double[] {0})))));
    }

    @Test
    void theOrderTokensAdvantageCanBeWeighted() {
        float[][] tokens = new Advantages(List.of(ORDER), 3).tokens(group(0, new double[] {1}, new double[] {0}));
        assertEquals(3 * 0.5 / (Math.sqrt(0.5) + 1e-4), tokens[0][0], 1e-5);
        assertEquals(0, tokens[0][1]);
    }

    @Test
    void withoutAnOrderTokenTheOrderAdvantageIsDropped() {
        float[][] tokens = new Advantages(List.of(ORDER), 1).tokens(group(-1, new double[] {1}, new double[] {0}));
        assertArrayEquals(new float[3], tokens[0]);
    }

    @Test
    void aGroupIsFlatWhenEachRewardIsEqualForAllItsCompletions() {
        Advantages advantages = new Advantages(List.of(ANSWER, ANSWER, ORDER), 1);
        assertTrue(advantages.flat(group(0, new double[] {0.1, 0.2, 1}, new double[] {0.2, 0.1, 1})));
        // the order rewards differ although the sums are equal
        assertFalse(advantages.flat(group(0, new double[] {0, 1, 0}, new double[] {0, 0, 1})));
    }
}
