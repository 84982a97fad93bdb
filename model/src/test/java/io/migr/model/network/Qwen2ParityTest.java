package io.migr.model.network;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.databind.JsonNode;
import io.migr.engine.AdamW;
import io.migr.engine.Kernels;
import io.migr.engine.Losses;
import io.migr.engine.SafeTensors.Tensor;
import io.migr.engine.Weights;
import io.migr.model.checkpoint.ModelConfigFile;
import io.migr.model.decode.Generated;
import io.migr.model.decode.Generator;
import io.migr.model.decode.Sampling;
import io.migr.model.decode.TokenConstraint;
import java.io.IOException;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The decoder against parity/qwen2: every number of its README. */
final class Qwen2ParityTest {
    private final NDManager root = NDManager.newBaseManager("PyTorch");
    private final Kernels kernels = new Kernels(root);
    private Parity parity;
    private Weights weights;
    private Decoder decoder;
    private Map<String, Tensor> inputs;
    private Map<String, Tensor> expected;

    private void open(String kind) throws IOException {
        parity = new Parity("qwen2/" + kind);
        Decoder.Config config = ModelConfigFile.decoder(parity.json("config.json"));
        weights =
                Weights.load(root, parity.folder.resolve("model.safetensors"), Decoder.manifest(config), name -> false);
        decoder = new Decoder(config, weights, kernels);
        inputs = new Parity("qwen2").tensors("inputs.safetensors");
        expected = parity.tensors("expected.safetensors");
    }

    @AfterEach
    void close() {
        Kernels.recordGradients(true);
        root.close();
    }

    private boolean[][] mask(String side) {
        Tensor tensor = inputs.get(side + ".attention_mask");
        int length = (int) tensor.shape()[1];
        long[] flags = tensor.longs();
        boolean[][] mask = new boolean[(int) tensor.shape()[0]][length];
        for (int i = 0; i < flags.length; i++) {
            mask[i / length][i % length] = flags[i] == 1;
        }
        return mask;
    }

    /** Sets padded positions to zero, as in the stored values. */
    private static float[] realOnly(NDArray values, boolean[][] mask) {
        float[] flat = values.toFloatArray();
        int length = mask[0].length;
        int width = flat.length / (mask.length * length);
        for (int row = 0; row < mask.length * length; row++) {
            if (!mask[row / length][row % length]) {
                Arrays.fill(flat, row * width, (row + 1) * width, 0f);
            }
        }
        return flat;
    }

    private static long[] shifted(long[] labels, int length) {
        long[] next = new long[labels.length];
        for (int i = 0; i < labels.length; i++) {
            next[i] = i % length == length - 1 ? -100 : labels[i + 1];
        }
        return next;
    }

    private NDArray loss(NDManager scope, String side) {
        NDArray ids = Parity.array(scope, inputs.get(side + ".input_ids"));
        int length = (int) ids.getShape().get(1);
        NDArray hidden = decoder.hidden(
                scope, decoder.embed(scope, ids), mask(side), decoder.config().layers());
        NDArray labels = scope.create(shifted(inputs.get(side + ".labels").longs(), length), ids.getShape());
        return Losses.crossEntropy(kernels, scope, decoder.logits(scope, hidden), labels);
    }

    @ParameterizedTest
    @ValueSource(strings = {"tied", "untied"})
    void hiddenStatesLogitsAndLosses(String kind) throws IOException {
        open(kind);
        Kernels.recordGradients(false);
        int layers = decoder.config().layers();
        for (String side : List.of("right", "left")) {
            try (NDManager scope = root.newSubManager()) {
                boolean[][] mask = mask(side);
                NDArray ids = Parity.array(scope, inputs.get(side + ".input_ids"));
                NDArray embedded = decoder.embed(scope, ids);
                for (int depth = 0; depth < layers; depth++) {
                    check(
                            side + ".hidden_states." + depth,
                            mask,
                            depth == 0 ? embedded : decoder.hidden(scope, embedded, mask, depth));
                }
                NDArray hidden = decoder.hidden(scope, embedded, mask, layers);
                check(side + ".last_layer_before_final_norm", mask, hidden);
                check(side + ".hidden_states." + layers, mask, decoder.normed(scope, hidden));
                NDArray logits = decoder.logits(scope, hidden);
                check(side + ".logits", mask, logits);
                logProbs(scope, side, mask, ids, logits);
                Parity.close(
                        side + ".loss",
                        expected.get(side + ".loss").floats(),
                        loss(scope, side).toFloatArray(),
                        Parity.LOSSES);
            }
        }
        try (NDManager scope = root.newSubManager()) {
            NDArray tiny = Parity.array(scope, expected.get("tiny_scale.inputs_embeds"));
            NDArray logits = decoder.logits(scope, decoder.hidden(scope, tiny, null, layers));
            Parity.close("tiny_scale.logits", expected.get("tiny_scale.logits"), logits, Parity.ACTIVATIONS);
        }
    }

    private void check(String name, boolean[][] mask, NDArray actual) {
        if (expected.containsKey(name)) {
            Parity.close(name, expected.get(name).floats(), realOnly(actual, mask), Parity.ACTIVATIONS);
        } else {
            assertTrue(name.startsWith("left."), name + " is not in the fixture");
        }
    }

    private void logProbs(NDManager scope, String side, boolean[][] mask, NDArray ids, NDArray logits) {
        long length = ids.getShape().get(1);
        NDArray next = ids.get(":, 1:");
        next.attach(scope);
        NDArray before = logits.get(":, :" + (length - 1));
        before.attach(scope);
        float[] actual = Losses.tokenLogProbs(kernels, scope, before, next).toFloatArray();
        float[] wanted = expected.get(side + ".token_logprobs").floats();
        int width = (int) length - 1;
        for (int i = 0; i < actual.length; i++) {
            if (!mask[i / width][i % width] || !mask[i / width][i % width + 1]) {
                actual[i] = 0;
                wanted[i] = 0;
            }
        }
        Parity.close(side + ".token_logprobs", wanted, actual, Parity.ACTIVATIONS);
    }

    @ParameterizedTest
    @ValueSource(strings = {"tied", "untied"})
    void gradientsAndFiveOptimiserSteps(String kind) throws IOException {
        open(kind);
        Kernels.recordGradients(true);
        JsonNode settings = parity.json("expected.json").path("adamw");
        AdamW.Settings adamw = new AdamW.Settings(
                settings.path("weight_decay").asDouble(),
                settings.path("betas").get(0).asDouble(),
                settings.path("betas").get(1).asDouble(),
                settings.path("eps").asDouble(),
                settings.path("max_grad_norm").asDouble());
        try (AdamW optimiser = new AdamW(weights, name -> true, kernels, adamw)) {
            for (int step = 0; step < 5; step++) {
                try (NDManager scope = root.newSubManager()) {
                    NDArray loss = loss(scope, "right");
                    assertEquals(
                            settings.path("loss_before_step").get(step).asDouble(),
                            loss.getFloat(),
                            Parity.LOSSES * (step + 1));
                    Kernels.backward(loss);
                }
                if (step == 0) {
                    compareGradients();
                }
                optimiser.step(settings.path("lr").asDouble());
                if (step == 0 || step == 4) {
                    compareWeights(step + 1);
                }
            }
        }
    }

    private void compareGradients() {
        int compared = 0;
        for (Map.Entry<String, Tensor> entry : expected.entrySet()) {
            if (entry.getKey().startsWith("grad.")) {
                try (NDArray gradient = weights.get(entry.getKey().substring(5)).getGradient()) {
                    Parity.close(entry.getKey(), entry.getValue(), gradient, Parity.GRADIENTS);
                    compared++;
                }
            }
        }
        assertTrue(compared >= 5);
    }

    private void compareWeights(int step) {
        String prefix = "adamw" + step + ".";
        int compared = 0;
        for (Map.Entry<String, Tensor> entry : expected.entrySet()) {
            if (entry.getKey().startsWith(prefix)) {
                double share = entry.getKey().endsWith("k_proj.bias") ? 0.75 : 0.995;
                float[] actual =
                        weights.get(entry.getKey().substring(prefix.length())).toFloatArray();
                Parity.mostlyClose(entry.getKey(), entry.getValue().floats(), actual, 1e-5, share, 2e-3);
                compared++;
            }
        }
        assertTrue(compared >= 7);
    }

    @ParameterizedTest
    @ValueSource(strings = {"tied", "untied"})
    void greedyTokensWithCacheWithoutAndPadded(String kind) throws IOException {
        open(kind);
        Kernels.recordGradients(false);
        long[] wanted = expected.get("greedy_tokens").longs();
        int count = wanted.length / 3;
        Generator generator = new Generator(decoder, -1);
        long[] left = inputs.get("left.input_ids").longs();
        boolean[][] mask = mask("left");
        int length = mask[0].length;
        try (NDManager scope = root.newSubManager()) {
            NDArray embedded = decoder.embed(scope, scope.create(left, new Shape(3, length)));
            List<Generated> batch = generator.generate(
                    embedded, mask, Collections.nCopies(3, TokenConstraint.NONE), new long[3], count, Sampling.GREEDY);
            for (int b = 0; b < 3; b++) {
                long[] tokens = Arrays.copyOfRange(wanted, b * count, (b + 1) * count);
                assertArrayEquals(tokens, longs(batch.get(b).tokens()), "left-padded batch, row " + b);
                long[] prompt = realTokens(left, mask, b);
                NDArray alone = decoder.embed(scope, scope.create(prompt, new Shape(1, prompt.length)));
                Generated cached = generator
                        .generate(alone, null, List.of(TokenConstraint.NONE), new long[1], count, Sampling.GREEDY)
                        .get(0);
                assertArrayEquals(tokens, longs(cached.tokens()), "with cache, row " + b);
                assertArrayEquals(tokens, withoutCache(scope, prompt, count, b), "without cache, row " + b);
            }
        }
    }

    private static long[] longs(int[] tokens) {
        return Arrays.stream(tokens).asLongStream().toArray();
    }

    private static long[] realTokens(long[] ids, boolean[][] mask, int row) {
        int length = mask[row].length;
        return java.util.stream.IntStream.range(0, length)
                .filter(t -> mask[row][t])
                .mapToLong(t -> ids[row * length + t])
                .toArray();
    }

    private long[] withoutCache(NDManager scope, long[] prompt, int count, int row) {
        long[] all = prompt;
        for (int i = 0; i < count; i++) {
            NDArray embedded = decoder.embed(scope, scope.create(all, new Shape(1, all.length)));
            NDArray logits = decoder.logits(
                    scope,
                    decoder.hidden(scope, embedded, null, decoder.config().layers()));
            float[] flat = logits.toFloatArray();
            float[] last =
                    Arrays.copyOfRange(flat, flat.length - decoder.config().vocabulary(), flat.length);
            if (i == count - 1) {
                float[] stored = expected.get("greedy_last_step_logits").floats();
                int width = last.length;
                Parity.close(
                        "last step logits",
                        Arrays.copyOfRange(stored, row * width, (row + 1) * width),
                        last,
                        Parity.ACTIVATIONS);
            }
            all = Arrays.copyOf(all, all.length + 1);
            all[all.length - 1] = Sampling.GREEDY.pick(last, null, null);
        }
        return Arrays.copyOfRange(all, prompt.length, all.length);
    }
}
