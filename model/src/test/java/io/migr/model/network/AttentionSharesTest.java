package io.migr.model.network;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.migr.engine.Kernels;
import io.migr.engine.Weights;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Compares the attention shares that the probe reads with the same numbers computed in plain Java. */
final class AttentionSharesTest {
    private static final Decoder.Config CONFIG = new Decoder.Config(16, 2, 4, 2, 24, 20, 16, 10_000, 1e-6, true);
    private static final int LENGTH = 6;
    private static final int HEAD = CONFIG.hidden() / CONFIG.heads();

    private final NDManager root = NDManager.newBaseManager("PyTorch");
    private final Weights weights = Weights.random(root, Decoder.manifest(CONFIG), new SplittableRandom(7));
    private final Decoder decoder = new Decoder(CONFIG, weights, new Kernels(root));

    @BeforeEach
    void infer() {
        Kernels.recordGradients(false);
    }

    @AfterEach
    void close() {
        Kernels.recordGradients(true);
        root.close();
    }

    private NDArray inputs() {
        SplittableRandom random = new SplittableRandom(1);
        float[] values = new float[LENGTH * CONFIG.hidden()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return root.create(values, new Shape(1, LENGTH, CONFIG.hidden()));
    }

    /** Mean over heads of softmax(q k / sqrt(d)) over the past, one number for each pair of positions. */
    private double[][] byHand(float[] x, int layer) {
        double[][] normed = new double[LENGTH][CONFIG.hidden()];
        float[] gain =
                weights.get("model.layers." + layer + ".input_layernorm.weight").toFloatArray();
        for (int t = 0; t < LENGTH; t++) {
            double square = 0;
            for (int d = 0; d < CONFIG.hidden(); d++) {
                square += Math.pow(x[t * CONFIG.hidden() + d], 2) / CONFIG.hidden();
            }
            for (int d = 0; d < CONFIG.hidden(); d++) {
                normed[t][d] = x[t * CONFIG.hidden() + d] / Math.sqrt(square + CONFIG.epsilon()) * gain[d];
            }
        }
        double[][] q = turned(normed, "model.layers." + layer + ".self_attn.q_proj.", CONFIG.heads());
        double[][] k = turned(normed, "model.layers." + layer + ".self_attn.k_proj.", CONFIG.kvHeads());
        double[][] mean = new double[LENGTH][LENGTH];
        for (int h = 0; h < CONFIG.heads(); h++) {
            int shared = h / (CONFIG.heads() / CONFIG.kvHeads());
            for (int t = 0; t < LENGTH; t++) {
                double[] score = new double[t + 1];
                double sum = 0;
                for (int u = 0; u <= t; u++) {
                    double dot = 0;
                    for (int j = 0; j < HEAD; j++) {
                        dot += q[t][h * HEAD + j] * k[u][shared * HEAD + j];
                    }
                    score[u] = Math.exp(dot / Math.sqrt(HEAD));
                    sum += score[u];
                }
                for (int u = 0; u <= t; u++) {
                    mean[t][u] += score[u] / sum / CONFIG.heads();
                }
            }
        }
        return mean;
    }

    /** Projected and rotated by position. */
    private double[][] turned(double[][] x, String name, int heads) {
        float[] w = weights.get(name + "weight").toFloatArray();
        float[] b = weights.get(name + "bias").toFloatArray();
        double[][] y = new double[LENGTH][heads * HEAD];
        double[][] rotated = new double[LENGTH][heads * HEAD];
        for (int t = 0; t < LENGTH; t++) {
            for (int o = 0; o < heads * HEAD; o++) {
                y[t][o] = b[o];
                for (int d = 0; d < CONFIG.hidden(); d++) {
                    y[t][o] += w[o * CONFIG.hidden() + d] * x[t][d];
                }
            }
            for (int o = 0; o < heads * HEAD; o++) {
                int j = o % HEAD;
                double angle = t / Math.pow(CONFIG.theta(), 2.0 * (j % (HEAD / 2)) / HEAD);
                double other = j < HEAD / 2 ? -y[t][o + HEAD / 2] : y[t][o - HEAD / 2];
                rotated[t][o] = y[t][o] * Math.cos(angle) + other * Math.sin(angle);
            }
        }
        return rotated;
    }

    @Test
    void everyLayerGivesTheAttentionOfTheDecoder() {
        NDArray x = inputs();
        NDArray[] shares = decoder.attentionShares(root, x, root.eye(LENGTH));
        assertEquals(CONFIG.layers(), shares.length);
        for (int layer = 0; layer < CONFIG.layers(); layer++) {
            float[] into = decoder.hidden(root, x, null, layer).toFloatArray();
            double[][] expected = byHand(into, layer);
            float[] actual = shares[layer].toFloatArray();
            for (int t = 0; t < LENGTH; t++) {
                for (int u = 0; u < LENGTH; u++) {
                    assertEquals(expected[t][u], actual[t * LENGTH + u], 1e-5, "layer " + layer + " " + t + " to " + u);
                }
            }
        }
    }

    @Test
    void groupsAddUp() {
        // the first two positions, then the rest
        float[] groups = {1, 0, 1, 0, 0, 1, 0, 1, 0, 1, 0, 1};
        NDArray x = inputs();
        float[] single = decoder.attentionShares(root, x, root.eye(LENGTH))[1].toFloatArray();
        float[] grouped = decoder.attentionShares(root, x, root.create(groups, new Shape(LENGTH, 2)))[1].toFloatArray();
        for (int t = 0; t < LENGTH; t++) {
            float early = single[t * LENGTH] + single[t * LENGTH + 1];
            assertArrayEquals(new float[] {early, 1 - early}, new float[] {grouped[2 * t], grouped[2 * t + 1]}, 1e-5f);
        }
    }
}
