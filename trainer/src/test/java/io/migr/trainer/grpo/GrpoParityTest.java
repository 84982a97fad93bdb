package io.migr.trainer.grpo;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.migr.engine.Kernels;
import io.migr.engine.Losses;
import io.migr.engine.SafeTensors;
import io.migr.engine.SafeTensors.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Advantages, KL, loss and gradient against the reference trainer; {@code -Dmigr.parity=DIR} selects other fixtures.
 */
final class GrpoParityTest {
    private final NDManager root = NDManager.newBaseManager("PyTorch");
    private final Kernels kernels = new Kernels(root);

    private static Path fixture(String name) {
        String given = System.getProperty("migr.parity");
        Path folder = given == null || given.isBlank() ? Path.of("src/test/resources/parity") : Path.of(given);
        return folder.resolve("grpo").resolve(name);
    }

    static Stream<JsonNode> cases() throws IOException {
        JsonNode cases =
                new ObjectMapper().readTree(fixture("cases.json").toFile()).path("cases");
        assertEquals(6, cases.size());
        List<JsonNode> all = new ArrayList<>();
        cases.forEach(all::add);
        return all.stream();
    }

    @AfterEach
    void close() {
        Kernels.recordGradients(true);
        root.close();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void equalsTheReferenceTrainer(JsonNode one) {
        JsonNode expected = one.path("expected");
        double[][] ids = matrix(one.path("completion_ids"));
        int length = ids[0].length;
        float[] mask = mask(ids, one.path("eos_token_id").asInt());
        assertArrayEquals(flat(expected.path("completion_mask")), mask, 0);
        double[] advantages = advantages(one);
        assertArrayEquals(flat1(expected.path("advantages")), advantages, 1e-5);

        Kernels.recordGradients(true);
        Shape shape = new Shape(ids.length, length);
        NDArray policy = root.create(flat(one.path("per_token_logps")), shape);
        policy.setRequiresGradient(true);
        float[] weights = new float[mask.length];
        float[] spread = new float[mask.length];
        for (int row = 0; row < ids.length; row++) {
            float own = 0;
            for (int t = 0; t < length; t++) {
                own += mask[row * length + t];
            }
            for (int t = 0; t < length; t++) {
                weights[row * length + t] = mask[row * length + t] / ids.length / own;
                spread[row * length + t] = (float) advantages[row];
            }
        }
        Losses.Grpo loss = Losses.grpo(
                kernels,
                root,
                policy,
                root.create(flat(one.path("ref_per_token_logps")), shape),
                root.create(spread, shape),
                root.create(weights, shape),
                one.path("beta").asDouble());
        assertEquals(expected.path("loss").asDouble(), loss.total().getFloat(), 1e-5);
        assertArrayEquals(flat(expected.path("per_token_loss")), loss.perToken().toFloatArray(), 1e-5f);
        assertArrayEquals(flat(expected.path("per_token_kl")), loss.divergence().toFloatArray(), 1e-5f);
        double kl = 0;
        float[] each = loss.divergence().toFloatArray();
        for (int i = 0; i < each.length; i++) {
            kl += each[i] * weights[i];
        }
        assertEquals(expected.path("mean_kl").asDouble(), kl, 1e-5);
        Kernels.backward(loss.total());
        assertArrayEquals(
                flat(expected.path("grad_per_token_logps")),
                policy.getGradient().toFloatArray(),
                2e-5f);
    }

    /** 1 up to and including the first end token. */
    private static float[] mask(double[][] ids, int end) {
        float[] mask = new float[ids.length * ids[0].length];
        for (int row = 0; row < ids.length; row++) {
            for (int t = 0; t < ids[row].length; t++) {
                mask[row * ids[row].length + t] = 1;
                if (ids[row][t] == end) {
                    break;
                }
            }
        }
        return mask;
    }

    private static double[] advantages(JsonNode one) {
        double[] rewards = Arrays.stream(matrix(one.path("rewards_per_func")))
                .mapToDouble(row -> Arrays.stream(row).sum())
                .toArray();
        int group = one.path("num_generations").asInt();
        double[] all = new double[rewards.length];
        for (int from = 0; from < all.length; from += group) {
            double[] own = Advantages.of(Arrays.copyOfRange(rewards, from, from + group));
            System.arraycopy(own, 0, all, from, group);
        }
        return all;
    }

    /** The logits at t - 1 predict token t, counted from the end: clip features make logits longer than ids. */
    @Test
    void logProbsAreAlignedFromTheEnd() throws IOException {
        Map<String, Tensor> given = SafeTensors.read(fixture("logps_extraction.safetensors"));
        Tensor logits = given.get("logits");
        Tensor ids = given.get("prompt_and_completion_ids");
        int answer = (int) given.get("answer_length").longs()[0];
        int rows = (int) logits.shape()[0];
        int positions = (int) logits.shape()[1];
        int vocabulary = (int) logits.shape()[2];
        int width = (int) ids.shape()[1];
        float[] chosen = new float[rows * answer * vocabulary];
        long[] tokens = new long[rows * answer];
        for (int i = 0; i < tokens.length; i++) {
            int row = i / answer;
            int t = i % answer;
            tokens[i] = ids.longs()[row * width + width - answer + t];
            int from = (row * positions + positions - 1 - answer + t) * vocabulary;
            System.arraycopy(logits.floats(), from, chosen, i * vocabulary, vocabulary);
        }
        NDArray logProbs = Losses.tokenLogProbs(
                kernels,
                root,
                root.create(chosen, new Shape(rows, answer, vocabulary)),
                root.create(tokens, new Shape(rows, answer)));
        assertArrayEquals(given.get("per_token_logps").floats(), logProbs.toFloatArray(), 1e-4f);
    }

    private static double[] flat1(JsonNode row) {
        double[] values = new double[row.size()];
        Arrays.setAll(values, i -> row.get(i).asDouble());
        return values;
    }

    private static double[][] matrix(JsonNode rows) {
        double[][] values = new double[rows.size()][];
        Arrays.setAll(values, i -> flat1(rows.get(i)));
        return values;
    }

    private static float[] flat(JsonNode rows) {
        double[] all =
                Arrays.stream(matrix(rows)).flatMapToDouble(Arrays::stream).toArray();
        float[] floats = new float[all.length];
        for (int i = 0; i < all.length; i++) {
            floats[i] = (float) all[i];
        }
        return floats;
    }
}
