package io.migr.trainer.grpo;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import io.migr.model.EmotionModel;
import io.migr.model.Explanation;
import io.migr.model.ExplanationGrammar;
import io.migr.model.Modality;
import io.migr.model.ReasoningStep;
import io.migr.model.engine.Kernels;
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
 * The reward against a sum that is written here once more, token by token, of a policy that learned to tell from
 * pictures alone what it says.
 */
@Tag("slow")
final class PerceptionRewardTest {
    private NDManager root;
    private Kernels kernels;
    private Toy toy;
    private Policy policy;

    @BeforeEach
    void teach() throws IOException {
        Kernels.recordGradients(false);
        root = NDManager.newBaseManager(Device.cpu());
        kernels = new Kernels(root, false);
        toy = new Toy();
        policy = new Policy(root, toy.config, toy.tokenizer, "toy", toy.taught(root, kernels, 60), kernels, toy.tokens);
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
        EmotionModel.Config config = toy.config;
        String text = ExplanationGrammar.render(
                List.of(
                        new ReasoningStep(Modality.VISUAL, face, null),
                        new ReasoningStep(Modality.AUDIO, voice, null),
                        new ReasoningStep(null, "face says happy.", null)),
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

    /** Mean change of tokens {@code from} to {@code to} when a modality is kept from the policy. */
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
    void isTheMeanOverBlocksOfTheirSharesOfSentencesThatChange() throws IOException {
        int clip = 7;
        String emotion = toy.config.labels().get(clip % 7).word();
        Rollout rollout = rollout("face says " + emotion + ". face.", "voice.");
        int[] face = PerceptionReward.block(toy.tokenizer, rollout.tokens(), Modality.VISUAL);
        int[] voice = PerceptionReward.block(toy.tokenizer, rollout.tokens(), Modality.AUDIO);
        assertEquals(6, face[1] - face[0]);
        assertEquals(2, voice[1] - voice[0]);
        boolean says = changes(clip, rollout, Modality.VISUAL, face[0], face[0] + 4);
        boolean names = changes(clip, rollout, Modality.VISUAL, face[0] + 4, face[1]);
        boolean hears = changes(clip, rollout, Modality.AUDIO, voice[0], voice[1]);
        // one of two faces' sentences and not the voice's: a quarter, where a share of all three would be a third
        assertTrue(says && !names && !hears, says + " " + names + " " + hears);
        assertEquals(2 * 0.25, reward(clip, rollout), 1e-9);
    }

    @Test
    void aSentenceSaidTwiceEarnsOnce() throws IOException {
        int clip = 7;
        String says = "face says " + toy.config.labels().get(clip % 7).word() + ".";
        Rollout twice = rollout(says + " " + says, "voice.");
        int[] face = PerceptionReward.block(toy.tokenizer, twice.tokens(), Modality.VISUAL);
        assertTrue(changes(clip, twice, Modality.VISUAL, face[0], face[0] + 4));
        assertTrue(changes(clip, twice, Modality.VISUAL, face[0] + 4, face[1]), "else this shows nothing");
        assertEquals(2 * 0.5, reward(clip, rollout(says, "voice.")), 1e-9);
        assertEquals(2 * 0.25, reward(clip, twice), 1e-9);
    }

    private boolean changes(int clip, Rollout rollout, Modality masked, int from, int to) throws IOException {
        return change(clip, rollout, masked, from, to) >= PerceptionReward.LEAST;
    }

    @Test
    void aMissingModalityIsNotAskedForAndTextWithoutFormEarnsNothing() throws IOException {
        // clip 5 has no sound: its one visual sentence is all there is
        Rollout rollout = rollout("face.", "voice.");
        int[] face = PerceptionReward.block(toy.tokenizer, rollout.tokens(), Modality.VISUAL);
        boolean changes = changes(5, rollout, Modality.VISUAL, face[0], face[1]);
        assertEquals(changes ? 2 : 0, reward(5, rollout), 1e-9);
        Rollout formless = new Rollout(rollout.tokens(), true, 0, new Completion("", Optional.empty()), new double[1]);
        assertEquals(0, reward(5, formless));
    }

    @Test
    void asksThePolicyWithinAStepAndRefusesTextsAlone() throws IOException {
        PerceptionReward reward = new PerceptionReward(1);
        List<Group> groups = new Rollouts(
                        List.of(ToyRewards.answer(), reward), new GrpoSettings.Sampling(2, 3, 30, Decoding.FREE))
                .sample(policy, List.of(Toy.task(1), Toy.task(2)), 3);
        double[][] again = reward.of(policy, groups);
        for (int g = 0; g < 2; g++) {
            assertArrayEquals(again[g], groups.get(g).totals(i -> i == 1), 1e-6);
        }
        assertThrows(IllegalStateException.class, () -> reward.of(null, new Completion("", Optional.empty())));
        assertThrows(IllegalArgumentException.class, () -> new PerceptionReward(0));
    }
}
