package io.migr.trainer.grpo;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import io.migr.engine.Kernels;
import io.migr.model.Block;
import io.migr.model.Explanation;
import io.migr.model.Modality;
import io.migr.model.ReasoningStep;
import io.migr.model.checkpoint.EmotionModelConfig;
import io.migr.model.explain.ExplanationGrammar;
import io.migr.trainer.reward.Completion;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Compares the reward with an independent token-by-token sum, for a policy that learned to write only what pictures
 * show.
 */
@Tag("slow")
final class PerceptionRewardTest {
    private NDManager root;
    private Kernels kernels;
    private Toy toy;
    private Policy policy;

    @BeforeEach
    void train() throws IOException {
        Kernels.recordGradients(false);
        root = NDManager.newBaseManager(Device.cpu());
        kernels = new Kernels(root);
        toy = new Toy();
        policy = new Policy(root, toy.config, toy.tokenizer, "toy", toy.train(root, kernels, 60), kernels, toy.tokens);
    }

    @AfterEach
    void close() {
        policy.close();
        toy.close();
        kernels.close();
        root.close();
        Kernels.recordGradients(true);
    }

    private Rollout rollout(String face, String voice) {
        EmotionModelConfig config = toy.config;
        String text = ExplanationGrammar.render(
                List.of(
                        new ReasoningStep(Block.VISUAL, face, null),
                        new ReasoningStep(Block.AUDIO, voice, null),
                        new ReasoningStep(Block.WEIGHING, "face says happy.", null)),
                config.labels().get(0));
        int[] tokens = Arrays.stream(toy.tokenizer.encode(text))
                .mapToInt(id -> (int) id)
                .toArray();
        Optional<Explanation> parsed = ExplanationGrammar.parse(text, config.labels(), Explanation.Finish.STOP);
        return new Rollout(tokens, true, 0, new Completion(text, parsed), new double[1]);
    }

    private double reward(int clip, Rollout rollout) throws IOException {
        return new PerceptionReward(2).of(policy, List.of(new Group(Toy.task(clip), List.of(rollout))))[0][0];
    }

    /** Mean change of tokens {@code from} to {@code to} when a modality is hidden from the policy. */
    private double change(int clip, Rollout rollout, Modality masked, int from, int to) throws IOException {
        Task task = Toy.task(clip);
        Task without = new Task(
                clip,
                task.video() && masked != Modality.VISUAL,
                task.audio() && masked != Modality.AUDIO,
                task.target());
        double sum = 0;
        try (NDManager scope = root.newSubManager()) {
            float[] with = policy.prompts(scope, List.of(task))
                    .score(scope, List.of(rollout.tokens()), null)
                    .logProbs()
                    .toFloatArray();
            float[] masking = policy.prompts(scope, List.of(without))
                    .score(scope, List.of(rollout.tokens()), null)
                    .logProbs()
                    .toFloatArray();
            for (int t = from; t < to; t++) {
                sum += with[t] - masking[t];
            }
        }
        return sum / (to - from);
    }

    @Test
    void isTheMeanOverBlocksOfTheShareOfSentencesThatChange() throws IOException {
        int clip = 7;
        String emotion = toy.config.labels().get(clip % 7).word();
        Rollout rollout = rollout("face says " + emotion + ". face.", "voice.");
        int[] face = PerceptionReward.block(toy.tokenizer, rollout.tokens(), Block.VISUAL);
        int[] voice = PerceptionReward.block(toy.tokenizer, rollout.tokens(), Block.AUDIO);
        assertEquals(6, face[1] - face[0]);
        assertEquals(2, voice[1] - voice[0]);
        boolean says = changes(clip, rollout, Modality.VISUAL, face[0], face[0] + 4);
        boolean names = changes(clip, rollout, Modality.VISUAL, face[0] + 4, face[1]);
        boolean hears = changes(clip, rollout, Modality.AUDIO, voice[0], voice[1]);
        // one of the face's two sentences and not the voice's: 1/4, whereas the share of all three would be 1/3
        assertTrue(says && !names && !hears, says + " " + names + " " + hears);
        assertEquals(2 * 0.25, reward(clip, rollout), 1e-9);
    }

    @Test
    void aRepeatedSentenceIsRewardedOnce() throws IOException {
        int clip = 7;
        String says = "face says " + toy.config.labels().get(clip % 7).word() + ".";
        Rollout twice = rollout(says + " " + says, "voice.");
        int[] face = PerceptionReward.block(toy.tokenizer, twice.tokens(), Block.VISUAL);
        assertTrue(changes(clip, twice, Modality.VISUAL, face[0], face[0] + 4));
        assertTrue(changes(clip, twice, Modality.VISUAL, face[0] + 4, face[1]), "it depends on the picture");
        assertEquals(2 * 0.5, reward(clip, rollout(says, "voice.")), 1e-9);
        assertEquals(2 * 0.25, reward(clip, twice), 1e-9);
    }

    private boolean changes(int clip, Rollout rollout, Modality masked, int from, int to) throws IOException {
        return change(clip, rollout, masked, from, to) >= PerceptionReward.LEAST;
    }

    @Test
    void aMissingModalityIsNotScoredAndMalformedTextEarnsNothing() throws IOException {
        // clip 5 has no sound: only its one visual sentence counts
        Rollout rollout = rollout("face.", "voice.");
        int[] face = PerceptionReward.block(toy.tokenizer, rollout.tokens(), Block.VISUAL);
        boolean changes = changes(5, rollout, Modality.VISUAL, face[0], face[1]);
        assertEquals(changes ? 2 : 0, reward(5, rollout), 1e-9);
        Rollout formless = new Rollout(rollout.tokens(), true, 0, new Completion("", Optional.empty()), new double[1]);
        assertEquals(0, reward(5, formless));
    }

    @Test
    void isComputedWithThePolicyWithinAStepAndRejectsTextsAlone() throws IOException {
        PerceptionReward reward = new PerceptionReward(1);
        List<Group> groups = new Rollouts(
                        List.of(ToyRewards.answer(), reward), new GrpoSettings.Sampling(2, 3, 30, RolloutDecoding.FREE))
                .sample(policy, List.of(Toy.task(1), Toy.task(2)), 3);
        double[][] again = reward.of(policy, groups);
        for (int g = 0; g < 2; g++) {
            assertArrayEquals(again[g], groups.get(g).totals(i -> i == 1), 1e-6);
        }
        assertThrows(IllegalStateException.class, () -> reward.of(null, new Completion("", Optional.empty())));
        assertThrows(IllegalArgumentException.class, () -> new PerceptionReward(0));
    }
}
