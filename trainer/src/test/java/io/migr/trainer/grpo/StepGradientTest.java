package io.migr.trainer.grpo;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.migr.engine.AdamW;
import io.migr.engine.Kernels;
import io.migr.engine.SafeTensors.Tensor;
import io.migr.trainer.grpo.GrpoSettings.Descent;
import io.migr.trainer.reward.Reward;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The gradient of one step, on groups sampled from {@link Toy}. */
@Tag("slow")
final class StepGradientTest {
    private static final List<Reward> REWARDS = List.of(ToyRewards.order(), ToyRewards.answer());

    private static NDManager root;
    private static Kernels kernels;
    private static Toy toy;
    private static Map<String, Tensor> held;
    private static Map<String, Tensor> moved;

    private Policy policy;
    private Policy reference;

    @BeforeAll
    static void train() throws IOException {
        root = NDManager.newBaseManager("PyTorch");
        kernels = new Kernels(root);
        toy = new Toy();
        held = toy.train(root, kernels, 30);
        moved = toy.train(root, kernels, 40);
    }

    @AfterAll
    static void close() {
        toy.close();
        root.close();
        Kernels.recordGradients(true);
    }

    @BeforeEach
    void open() throws IOException {
        Kernels.recordGradients(false);
        reference = new Policy(root, toy.config, toy.tokenizer, "toy", held, kernels, toy.tokens);
        policy = new Policy(root, toy.config, toy.tokenizer, "toy", moved, kernels, toy.tokens);
        policy.weights().train(Policy.DECODER);
    }

    @AfterEach
    void forget() {
        reference.close();
        policy.close();
    }

    private static Descent descent(int clips, double beta) {
        return new Descent(1e-3, 0, beta, clips, 1, false, AdamW.Settings.usual());
    }

    private List<Group> sample(RolloutDecoding decoding) throws IOException {
        return new Rollouts(REWARDS, new GrpoSettings.Sampling(8, 4, 24, decoding))
                .sample(policy, IntStream.range(0, 8).mapToObj(Toy::task).toList(), 3);
    }

    private StepGradient.Measured add(List<Group> groups, int clips, double beta, RolloutDecoding decoding)
            throws IOException {
        Advantages advantages = new Advantages(REWARDS, 1);
        return new StepGradient(policy, reference, kernels, advantages, descent(clips, beta), decoding)
                .add(groups, groups.size() * 4);
    }

    private Map<String, float[]> take() {
        Map<String, float[]> gradients = new LinkedHashMap<>();
        policy.weights().all().forEach((name, parameter) -> {
            if (parameter.hasGradient()) {
                try (NDArray gradient = parameter.getGradient()) {
                    gradients.put(name, gradient.toFloatArray());
                }
            }
        });
        policy.weights().zeroGradients();
        return gradients;
    }

    @Test
    void oneClipAccumulatedEightTimesEqualsEightClips() throws IOException {
        List<Group> groups = sample(RolloutDecoding.FREE);
        StepGradient.Measured together = add(groups, 8, 0.04, RolloutDecoding.FREE);
        Map<String, float[]> wanted = take();
        StepGradient.Measured apart = add(groups, 1, 0.04, RolloutDecoding.FREE);
        Map<String, float[]> actual = take();
        assertEquals(wanted.keySet(), actual.keySet());
        assertTrue(wanted.size() > 20);
        wanted.forEach((name, gradient) -> assertArrayEquals(gradient, actual.get(name), 2e-6f, name));
        assertEquals(together.loss(), apart.loss(), 1e-6);
        assertEquals(together.kl(), apart.kl(), 1e-6);
        assertEquals(together.entropy(), apart.entropy(), 1e-5);
        assertTrue(together.kl() > 0.001, "KL between policy and reference: " + together.kl());
    }

    @Test
    void groupsThatAreLeftOutStillCountInTheMean() throws IOException {
        List<Group> groups = sample(RolloutDecoding.FREE);
        add(groups, 4, 0, RolloutDecoding.FREE);
        Map<String, float[]> whole = take();
        Advantages advantages = new Advantages(REWARDS, 1);
        List<Group> informative =
                groups.stream().filter(group -> !advantages.flat(group)).toList();
        new StepGradient(policy, reference, kernels, advantages, descent(4, 0), RolloutDecoding.FREE)
                .add(informative, 8 * 4);
        Map<String, float[]> fewer = take();
        // without a KL term flat groups have no gradient
        whole.forEach((name, gradient) -> assertArrayEquals(gradient, fewer.get(name), 2e-6f, name));
    }

    @Test
    void withoutAKlTermTheReferenceIsNotRun() throws IOException {
        StepGradient.Measured measured = add(sample(RolloutDecoding.FREE), 4, 0, RolloutDecoding.FREE);
        assertEquals(0, reference.network().work().prompts());
        assertEquals(0, measured.kl());
    }

    @Test
    void underTheGrammarEveryFinishedTextIsWellFormed() throws IOException {
        List<Group> groups = sample(RolloutDecoding.GRAMMAR);
        for (Group group : groups) {
            for (Rollout rollout : group.rollouts()) {
                assertTrue(
                        !rollout.stopped() || rollout.completion().explanation().isPresent(),
                        rollout.completion().text());
                assertEquals(0, rollout.orderToken());
            }
        }
        StepGradient.Measured bound = add(groups, 4, 0.04, RolloutDecoding.GRAMMAR);
        StepGradient.Measured plain = add(groups, 4, 0.04, RolloutDecoding.GRAMMAR_PLAIN);
        // forced tokens have no entropy
        assertTrue(bound.entropy() < plain.entropy(), bound.entropy() + " and " + plain.entropy());
    }

    @Test
    void samplesAreDeterminedByTheSeed() throws IOException {
        List<Group> once = sample(RolloutDecoding.FREE);
        List<Group> again = sample(RolloutDecoding.FREE);
        for (int i = 0; i < once.size(); i++) {
            for (int g = 0; g < 4; g++) {
                assertArrayEquals(
                        once.get(i).rollouts().get(g).tokens(),
                        again.get(i).rollouts().get(g).tokens());
            }
        }
    }
}
