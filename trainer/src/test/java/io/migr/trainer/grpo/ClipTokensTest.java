package io.migr.trainer.grpo;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.migr.engine.AdamW;
import io.migr.engine.Kernels;
import io.migr.engine.SafeTensors.Tensor;
import io.migr.model.network.Network;
import io.migr.trainer.grpo.GrpoSettings.Budget;
import io.migr.trainer.grpo.GrpoSettings.Descent;
import io.migr.trainer.grpo.ProjectedTokens.Media;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The sources of clips' tokens; towers run once per clip. */
final class ClipTokensTest {
    private final NDManager root = NDManager.newBaseManager("PyTorch");
    private final Kernels kernels = new Kernels(root);
    private Toy toy;

    @TempDir
    Path folder;

    @BeforeEach
    void open() throws IOException {
        Kernels.recordGradients(false);
        toy = new Toy();
    }

    @AfterEach
    void close() {
        toy.close();
        root.close();
        Kernels.recordGradients(true);
    }

    private Policy policy(ClipTokens tokens) throws IOException {
        return new Policy(root, toy.config, toy.tokenizer, "toy", toy.fresh(root), kernels, tokens);
    }

    private Media noise() {
        Network.Config config = toy.config.network();
        int image = config.vision().image();
        return new Media() {
            @Override
            public float[] seen(int clip) {
                return noise(clip, config.frames() * 3 * image * image);
            }

            @Override
            public float[] heard(int clip) {
                return noise(clip, config.audio().mels() * 2 * config.audio().positions());
            }
        };
    }

    private static float[] noise(int clip, int size) {
        SplittableRandom random = new SplittableRandom(clip);
        float[] values = new float[size];
        for (int i = 0; i < size; i++) {
            values[i] = (float) random.nextDouble(-1, 1);
        }
        return values;
    }

    @Test
    void theFileReturnsTheTokensThatWereComputedOnce() throws IOException {
        Policy policy = policy(toy.tokens);
        List<Integer> computed = new ArrayList<>();
        ClipTokens source = (scope, network, clips) -> {
            Arrays.stream(clips).forEach(computed::add);
            return toy.tokens.of(scope, network, clips);
        };
        CachedTokens.open(folder, "rl", 10, source, policy.network(), done -> {})
                .close();
        // killed in the middle of a clip
        Path file = folder.resolve("rl.tokens");
        byte[] whole = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(whole, whole.length / 2 + 100));
        computed.clear();
        try (CachedTokens cached = CachedTokens.open(folder, "rl", 20, source, policy.network(), done -> {})) {
            assertEquals(5, computed.get(0));
            assertEquals(15, computed.size());
            int[] clips = {17, 3};
            ClipTokens.Tokens wanted = toy.tokens.of(root, policy.network(), clips);
            ClipTokens.Tokens actual = cached.of(root, policy.network(), clips);
            assertEquals(wanted.video().getShape(), actual.video().getShape());
            assertArrayEquals(wanted.video().toFloatArray(), actual.video().toFloatArray(), 1e-3f);
            assertArrayEquals(wanted.audio().toFloatArray(), actual.audio().toFloatArray(), 1e-3f);
            IOException beyond =
                    assertThrows(IOException.class, () -> cached.of(root, policy.network(), new int[] {20}));
            assertTrue(beyond.getMessage().contains("20 clips"), beyond.getMessage());
        }
    }

    @Test
    void towersRunOncePerClipForAllNetworks() throws IOException {
        ClipTokens tokens = new ProjectedTokens(noise(), toy.tokenizer.encode("which emotion"), 2);
        Policy one = policy(tokens);
        Policy other = policy(tokens);
        float[] first = tokens.of(root, one.network(), new int[] {4, 5}).video().toFloatArray();
        float[] again =
                tokens.of(root, other.network(), new int[] {4, 5}).video().toFloatArray();
        assertArrayEquals(first, again, 1e-6f);
        assertEquals(2, one.network().work().visionTowers());
        assertEquals(2, one.network().work().audioTowers());
        assertEquals(0, other.network().work().visionTowers());
        // the cache holds two clips; the third evicts one
        tokens.of(root, one.network(), new int[] {6, 5});
        assertEquals(3, one.network().work().visionTowers());
        tokens.of(root, one.network(), new int[] {4});
        assertEquals(4, one.network().work().visionTowers());
    }

    @Test
    void projectorsLearnWhileTheTowersAreFrozen() throws IOException {
        List<ObjectNode> lines = new ArrayList<>();
        Map<String, Tensor> start = toy.fresh(root);
        Grpo.Job job = new Grpo.Job(
                "projected",
                toy.config,
                toy.tokenizer,
                start,
                Policy.DECODER_AND_PROJECTORS,
                // an untrained policy: the length of texts varies
                List.of(ToyRewards.of(
                        "length", (target, completion) -> completion.text().length())),
                random -> Toy.task(random.nextInt(10, 1_000)),
                new ProjectedTokens(noise(), toy.tokenizer.encode("which emotion"), 3),
                null);
        GrpoSettings settings = new GrpoSettings(
                2,
                1,
                new GrpoSettings.Sampling(3, 4, 6, RolloutDecoding.FREE),
                new Descent(1e-2, 0, 0.04, 1, 1, true, AdamW.Settings.usual()),
                Budget.NONE,
                1,
                1);
        Grpo.Result result = new Grpo(job, settings, folder, kernels, lines::add).run(root);
        for (ObjectNode line : lines) {
            // three clips, twelve completions, sampled, scored by the policy and by the reference
            assertEquals(3, line.path("work/vision_towers").asInt(), line.toString());
            assertEquals(3, line.path("work/audio_towers").asInt(), line.toString());
            assertEquals(9, line.path("work/prompts").asInt(), line.toString());
            assertEquals(24, line.path("work/scored_texts").asInt(), line.toString());
        }
        for (Map.Entry<String, Tensor> weight : result.last().entrySet()) {
            float[] before = start.get(weight.getKey()).floats();
            float[] after = weight.getValue().floats();
            if (weight.getKey().contains("_tower.") || weight.getKey().startsWith("heads.")) {
                assertArrayEquals(before, after, weight.getKey());
            }
        }
        String projector = "model.mm_projector.readout_video.2.weight";
        assertNotEquals(
                Arrays.hashCode(start.get(projector).floats()),
                Arrays.hashCode(result.last().get(projector).floats()));
    }
}
