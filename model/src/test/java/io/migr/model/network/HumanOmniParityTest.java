package io.migr.model.network;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.databind.JsonNode;
import io.migr.engine.Kernels;
import io.migr.engine.Losses;
import io.migr.engine.SafeTensors.Tensor;
import io.migr.engine.Weights;
import io.migr.model.checkpoint.ModelConfigFile;
import io.migr.model.decode.Generated;
import io.migr.model.decode.Generator;
import io.migr.model.decode.Sampling;
import io.migr.model.decode.SharedPrompt;
import io.migr.model.decode.TokenConstraint;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The whole network against parity/humanomni: a sharded checkpoint, two prompts, a training batch. */
final class HumanOmniParityTest extends FixtureTest {
    private Network network;
    private Weights weights;

    HumanOmniParityTest() {
        super("humanomni");
    }

    @BeforeEach
    void load() throws IOException {
        Network.Config config = new Network.Config(
                ModelConfigFile.vision(parity.json("vision_config.json")),
                ModelConfigFile.audio(parity.json("audio_config.json")),
                ModelConfigFile.text(parity.json("bert_config.json")),
                ModelConfigFile.decoder(parity.json("config.json")),
                8);
        weights = Weights.load(root, parity.folder, Network.manifest(config), name -> Network.unused(config, name));
        network = new Network(config, weights, kernels);
    }

    private NDArray branches(Map<String, Tensor> from) {
        return network.branchWeights(
                root, Parity.array(root, from.get("bert.input_ids")), flags(from.get("bert.attention_mask")));
    }

    @Test
    void stages() {
        check("branch_probs", branches(expected));
        NDArray features = network.visionFeatures(root, given("frames"));
        check("vision_features_minus2", features);
        check("video_tokens", network.videoTokens(root, features, branches(expected)));
        NDArray heard = network.audioFeatures(root, given("mel"));
        check("audio_tower_output", heard);
        check("audio_tokens", network.audioTokens(root, heard));
    }

    @ParameterizedTest
    @ValueSource(strings = {"video_audio", "video_only"})
    void promptsAndGreedyTokens(String prompt) throws IOException {
        NDArray video = network.videoTokens(root, network.visionFeatures(root, given("frames")), branches(expected));
        NDArray audio = network.audioTokens(root, network.audioFeatures(root, given("mel")));
        TokenSplice splice = TokenSplice.of(
                List.of(expected.get(prompt + ".input_ids").longs()),
                null,
                network.config().videoTokens(),
                network.config().audioTokens(),
                true);
        NDArray embeddings = network.embed(root, splice, video, audio);
        check(prompt + ".inputs_embeds", embeddings);
        float[] logits = network.logits(root, splice, embeddings).toFloatArray();
        int vocabulary = network.config().decoder().vocabulary();
        Parity.close(
                prompt + ".logits_last",
                expected.get(prompt + ".logits_last").floats(),
                Arrays.copyOfRange(logits, logits.length - vocabulary, logits.length),
                Parity.ACTIVATIONS);
        int[] plain = greedy(embeddings, 1.0);
        assertArrayEquals(
                expected.get(prompt + ".greedy_tokens").longs(),
                Arrays.stream(plain).asLongStream().toArray());
        JsonNode penalised = parity.json("expected.json").path(prompt).path("greedy_tokens_repetition_penalty_1.1");
        int[] wanted = StreamSupport.stream(penalised.spliterator(), false)
                .mapToInt(JsonNode::asInt)
                .toArray();
        assertArrayEquals(wanted, greedy(embeddings, 1.1));
    }

    private int[] greedy(NDArray embeddings, double penalty) {
        Generated generated = new Generator(network.decoder(), -1)
                .generate(
                        embeddings,
                        null,
                        List.of(TokenConstraint.NONE),
                        new long[1],
                        16,
                        new Sampling(0, 1, penalty, 0))
                .get(0);
        return generated.tokens();
    }

    @Test
    void trainingBatch() throws IOException {
        Map<String, Tensor> batch = parity.tensors("train_batch.safetensors");
        JsonNode summary = parity.json("expected.json").path("train_batch");
        NDArray features = network.visionFeatures(root, batchFrames(batch));
        NDArray heard = network.audioFeatures(root, batchMel(batch));
        Kernels.recordGradients(true);
        weights.train(name -> !name.contains("_tower."));
        NDArray video = network.videoTokens(root, features, branches(batch));
        NDArray audio = network.audioTokens(root, heard);
        TokenSplice splice = TokenSplice.of(
                rows(batch.get("input_ids"), batch.get("attention_mask")),
                rows(batch.get("labels"), batch.get("attention_mask")),
                network.config().videoTokens(),
                network.config().audioTokens(),
                false);
        NDArray embeddings = network.embed(root, splice, video, audio);
        checkEmbeddings(batch, embeddings);
        checkLayout(batch, splice);
        NDArray loss = network.loss(root, splice, embeddings);
        assertEquals(summary.path("loss").asDouble(), loss.getFloat(), Parity.LOSSES);
        checkLogProbs(batch, splice, embeddings);
        Kernels.backward(loss);
        for (Map.Entry<String, Tensor> entry : batch.entrySet()) {
            if (entry.getKey().startsWith("grad.")) {
                NDArray gradient = weights.get(entry.getKey().substring(5)).getGradient();
                Parity.close(entry.getKey(), entry.getValue(), gradient, Parity.GRADIENTS);
            }
        }
        checkNorms(summary);
    }

    private void checkNorms(JsonNode summary) {
        summary.path("grad_l2").properties().forEach(norm -> {
            float[] gradient = weights.get(norm.getKey()).getGradient().toFloatArray();
            double sum = 0;
            for (float g : gradient) {
                sum += (double) g * g;
            }
            assertEquals(norm.getValue().asDouble(), Math.sqrt(sum), 2e-5 * Math.max(1, Math.sqrt(sum)), norm.getKey());
        });
    }

    /** One GRPO step of four completions over one run of the prompt; the gradients show the advantages. */
    @Test
    void grpoStep() throws IOException {
        Map<String, Tensor> step = parity.tensors("grpo_step.safetensors");
        JsonNode summary = parity.json("expected.json").path("grpo_step");
        List<int[]> completions = completions(step);
        NDArray features = network.visionFeatures(root, given("frames"));
        NDArray heard = network.audioFeatures(root, given("mel"));
        Kernels.recordGradients(true);
        weights.train(name -> !name.contains("_tower."));
        TokenSplice splice = TokenSplice.of(
                List.of(expected.get("video_audio.input_ids").longs()),
                null,
                network.config().videoTokens(),
                network.config().audioTokens(),
                true);
        NDArray embeddings = network.embed(
                root,
                splice,
                network.videoTokens(root, features, branches(expected)),
                network.audioTokens(root, heard));
        NDArray policy = SharedPrompt.of(root, network.decoder(), embeddings, null)
                .score(root, completions, null)
                .logProbs();
        long[] mask = step.get("completion_mask").longs();
        Parity.close(
                "per_token_logps",
                masked(step.get("per_token_logps").floats(), mask),
                policy.toFloatArray(),
                Parity.ACTIVATIONS);
        int width = (int) step.get("completion_mask").shape()[1];
        float[] spread = new float[mask.length];
        float[] shares = new float[mask.length];
        for (int i = 0; i < mask.length; i++) {
            spread[i] = step.get("advantages").floats()[i / width];
            shares[i] = 1f / completions.size() / completions.get(i / width).length;
        }
        NDArray loss = Losses.grpo(
                        kernels,
                        root,
                        policy,
                        root.create(masked(step.get("ref_per_token_logps").floats(), mask)),
                        root.create(masked(spread, mask)),
                        root.create(masked(shares, mask)),
                        summary.path("beta").asDouble())
                .total();
        assertEquals(step.get("loss").floats()[0], loss.getFloat(), Parity.LOSSES);
        Kernels.backward(loss);
        int compared = 0;
        for (Map.Entry<String, Tensor> entry : step.entrySet()) {
            if (entry.getKey().startsWith("grad.")) {
                NDArray gradient = weights.get(entry.getKey().substring(5)).getGradient();
                Parity.close(entry.getKey(), entry.getValue(), gradient, Parity.GRADIENTS);
                compared++;
            }
        }
        assertEquals(5, compared);
        checkNorms(summary);
    }

    private static List<int[]> completions(Map<String, Tensor> step) {
        Tensor ids = step.get("completion_ids");
        int width = (int) ids.shape()[1];
        long[] real = step.get("completion_mask").longs();
        return java.util.stream.IntStream.range(0, (int) ids.shape()[0])
                .mapToObj(row -> java.util.stream.IntStream.range(row * width, (row + 1) * width)
                        .filter(i -> real[i] == 1)
                        .map(i -> (int) ids.longs()[i])
                        .toArray())
                .toList();
    }

    /** The values whose mask is set. */
    private static float[] masked(float[] values, long[] mask) {
        float[] kept = new float[values.length];
        int count = 0;
        for (int i = 0; i < values.length; i++) {
            if (mask[i] == 1) {
                kept[count++] = values[i];
            }
        }
        return Arrays.copyOf(kept, count);
    }

    private NDArray batchFrames(Map<String, Tensor> batch) {
        float[] first = expected.get("frames").floats();
        float[] second = batch.get("frames").floats();
        float[] all = Arrays.copyOf(first, 3 * first.length);
        System.arraycopy(second, 0, all, first.length, second.length);
        return root.create(all, new Shape(24, 3, 32, 32));
    }

    private NDArray batchMel(Map<String, Tensor> batch) {
        float[] first = expected.get("mel").floats();
        float[] all = Arrays.copyOf(first, 3 * first.length);
        System.arraycopy(batch.get("mel_row1").floats(), 0, all, first.length, first.length);
        Arrays.fill(all, 2 * first.length, all.length, -1.5f);
        return root.create(all, new Shape(3, 128, 300));
    }

    private static List<long[]> rows(Tensor ids, Tensor mask) {
        int length = (int) ids.shape()[1];
        long[] values = ids.longs();
        boolean[][] real = flags(mask);
        return java.util.stream.IntStream.range(0, real.length)
                .mapToObj(b -> java.util.stream.IntStream.range(0, length)
                        .filter(t -> real[b][t])
                        .mapToLong(t -> values[b * length + t])
                        .toArray())
                .toList();
    }

    /** Compares real positions only; the reference does not define the content of padded ones. */
    private static void checkEmbeddings(Map<String, Tensor> batch, NDArray embeddings) {
        float[] wanted = batch.get("expanded.inputs_embeds").floats();
        long[] mask = batch.get("expanded.attention_mask").longs();
        int width = wanted.length / mask.length;
        for (int i = 0; i < mask.length; i++) {
            if (mask[i] == 0) {
                Arrays.fill(wanted, i * width, (i + 1) * width, 0);
            }
        }
        Parity.close("inputs_embeds", wanted, embeddings.toFloatArray(), Parity.ACTIVATIONS);
    }

    private static void checkLayout(Map<String, Tensor> batch, TokenSplice splice) {
        long[] mask = batch.get("expanded.attention_mask").longs();
        long[] labels = batch.get("expanded.labels").longs();
        for (int i = 0; i < mask.length; i++) {
            int row = i / splice.length();
            int t = i % splice.length();
            assertEquals(mask[i] == 1, splice.attention()[row][t], "attention " + i);
            if (t > 0) {
                assertEquals(labels[i], splice.labels()[i - 1], "label " + i);
            }
        }
    }

    private void checkLogProbs(Map<String, Tensor> batch, TokenSplice splice, NDArray embeddings) {
        float[] wanted = batch.get("label_logprobs").floats();
        int width = splice.length() - 1;
        long[] ids = new long[splice.labels().length];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = Math.max(0, splice.labels()[i]);
        }
        float[] all = Losses.tokenLogProbs(
                        kernels,
                        root,
                        network.logits(root, splice, embeddings),
                        root.create(ids, new Shape(splice.attention().length, splice.length())))
                .toFloatArray();
        float[] actual = new float[wanted.length];
        for (int i = 0; i < actual.length; i++) {
            int at = i / width * splice.length() + i % width;
            actual[i] = splice.labels()[at] < 0 ? 0 : all[at];
        }
        Parity.close("label_logprobs", wanted, actual, Parity.ACTIVATIONS);
    }
}
