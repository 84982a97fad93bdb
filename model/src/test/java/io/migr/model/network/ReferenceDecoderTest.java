package io.migr.model.network;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.migr.engine.Kernels;
import io.migr.engine.Losses;
import io.migr.engine.SafeTensors.Tensor;
import io.migr.engine.Weights;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/**
 * A second implementation of the decoder in plain array operations: the kernels must give the same loss and the same
 * gradients. Constants are arrays: a Java number on a gradient path corrupts gradients.
 */
final class ReferenceDecoderTest {
    private static final Decoder.Config CONFIG = new Decoder.Config(32, 2, 4, 2, 48, 40, 16, 10_000, 1e-6, true);
    private static final int BATCH = 2;
    private static final int LENGTH = 9;
    private static final int HEAD = CONFIG.hidden() / CONFIG.heads();

    private final NDManager root = NDManager.newBaseManager("PyTorch");
    private final Weights weights = Weights.random(root, Decoder.manifest(CONFIG), new SplittableRandom(3));

    private NDArray constant(double value) {
        return root.create((float) value);
    }

    private NDArray linear(NDArray x, String name) {
        NDArray y = x.matMul(weights.get(name + ".weight").transpose());
        return weights.all().containsKey(name + ".bias") ? y.add(weights.get(name + ".bias")) : y;
    }

    private NDArray rms(NDArray x, String name) {
        NDArray meanSquare = x.mul(x).mean(new int[] {-1}, true);
        return x.div(meanSquare.add(constant(CONFIG.epsilon())).sqrt()).mul(weights.get(name));
    }

    /** {@code [B,T,heads*HEAD]} to {@code [B,heads,T,HEAD]}. */
    private static NDArray heads(NDArray x, int heads) {
        return x.reshape(BATCH, LENGTH, heads, HEAD).transpose(0, 2, 1, 3);
    }

    private NDArray rotated(NDArray x) {
        float[] cosine = new float[LENGTH * HEAD];
        float[] sine = new float[LENGTH * HEAD];
        for (int t = 0; t < LENGTH; t++) {
            for (int j = 0; j < HEAD; j++) {
                double angle = t / Math.pow(CONFIG.theta(), 2.0 * (j % (HEAD / 2)) / HEAD);
                cosine[t * HEAD + j] = (float) Math.cos(angle);
                sine[t * HEAD + j] = (float) Math.sin(angle);
            }
        }
        NDList halves = x.split(2, 3);
        NDArray turned = halves.get(1).neg().concat(halves.get(0), 3);
        Shape shape = new Shape(LENGTH, HEAD);
        return x.mul(root.create(cosine, shape)).add(turned.mul(root.create(sine, shape)));
    }

    private NDArray attention(NDArray x, String layer) {
        int group = CONFIG.heads() / CONFIG.kvHeads();
        NDArray q = rotated(heads(linear(x, layer + "q_proj"), CONFIG.heads()));
        NDArray k =
                rotated(heads(linear(x, layer + "k_proj"), CONFIG.kvHeads())).repeat(1, group);
        NDArray v = heads(linear(x, layer + "v_proj"), CONFIG.kvHeads()).repeat(1, group);
        float[] future = new float[LENGTH * LENGTH];
        for (int t = 0; t < LENGTH; t++) {
            for (int u = t + 1; u < LENGTH; u++) {
                future[t * LENGTH + u] = -1e9f;
            }
        }
        NDArray scores = q.matMul(k.transpose(0, 1, 3, 2)).mul(constant(1 / Math.sqrt(HEAD)));
        NDArray open = scores.add(root.create(future, new Shape(LENGTH, LENGTH)));
        NDArray mixed = open.softmax(-1).matMul(v).transpose(0, 2, 1, 3);
        return linear(mixed.reshape(BATCH, LENGTH, CONFIG.hidden()), layer + "o_proj");
    }

    private NDArray feedForward(NDArray x, String layer) {
        NDArray gate = linear(x, layer + "gate_proj");
        NDArray silu = gate.div(gate.neg().exp().add(constant(1)));
        return linear(silu.mul(linear(x, layer + "up_proj")), layer + "down_proj");
    }

    /** Mean cross-entropy of {@code labels}. */
    private NDArray loss(long[] ids, long[] labels) {
        NDArray embedding = weights.get("model.embed_tokens.weight");
        NDArray x = oneHot(ids).matMul(embedding).reshape(BATCH, LENGTH, CONFIG.hidden());
        for (int i = 0; i < CONFIG.layers(); i++) {
            String layer = "model.layers." + i + ".";
            x = x.add(attention(rms(x, layer + "input_layernorm.weight"), layer + "self_attn."));
            x = x.add(feedForward(rms(x, layer + "post_attention_layernorm.weight"), layer + "mlp."));
        }
        NDArray logits = rms(x, "model.norm.weight").matMul(embedding.transpose());
        NDArray flat = logits.reshape((long) BATCH * LENGTH, CONFIG.vocabulary());
        return flat.logSoftmax(-1).mul(oneHot(labels)).sum().mul(constant(-1.0 / labels.length));
    }

    private NDArray oneHot(long[] ids) {
        float[] rows = new float[ids.length * CONFIG.vocabulary()];
        for (int i = 0; i < ids.length; i++) {
            rows[i * CONFIG.vocabulary() + (int) ids[i]] = 1;
        }
        return root.create(rows, new Shape(ids.length, CONFIG.vocabulary()));
    }

    private Map<String, Tensor> gradients(NDArray loss) {
        Kernels.backward(loss);
        Map<String, Tensor> gradients = new LinkedHashMap<>();
        weights.all().forEach((name, weight) -> {
            try (NDArray gradient = weight.getGradient()) {
                gradients.put(
                        name,
                        Tensor.of(gradient.toFloatArray(), weight.getShape().getShape()));
            }
        });
        weights.zeroGradients();
        return gradients;
    }

    @Test
    void kernelsAndPlainOperationsAgreeInLossAndGradients() {
        Kernels.recordGradients(true);
        weights.train(name -> true);
        Kernels kernels = new Kernels(root);
        long[] ids = new SplittableRandom(4)
                .longs(BATCH * LENGTH, 0, CONFIG.vocabulary())
                .toArray();
        long[] labels = new SplittableRandom(5)
                .longs(BATCH * LENGTH, 0, CONFIG.vocabulary())
                .toArray();
        NDArray plain = loss(ids, labels);
        Map<String, Tensor> expected = gradients(plain);

        Decoder decoder = new Decoder(CONFIG, weights, kernels);
        Shape shape = new Shape(BATCH, LENGTH);
        NDArray hidden = decoder.hidden(root, decoder.embed(root, root.create(ids, shape)), null, CONFIG.layers());
        NDArray loss = Losses.crossEntropy(kernels, root, decoder.logits(root, hidden), root.create(labels, shape));
        assertEquals(plain.getFloat(), loss.getFloat(), Parity.LOSSES);
        Map<String, Tensor> actual = gradients(loss);
        expected.forEach((name, gradient) ->
                Parity.close(name, gradient.floats(), actual.get(name).floats(), Parity.GRADIENTS));
        root.close();
    }
}
