package io.migr.model.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.migr.engine.Kernel;
import io.migr.engine.KernelText;
import io.migr.engine.Kernels;
import io.migr.engine.TensorOperations;
import io.migr.engine.Weights;
import io.migr.engine.Weights.Declaration;
import io.migr.engine.Weights.Start;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * The pre-norm transformer layers of the vision and audio towers. One layer, top to bottom, over {@code x
 * [N,T,hidden]}:
 *
 * <pre>
 * q, k, v = linear(LayerNorm(x))                 norm1; q_proj, k_proj, v_proj
 * a = softmax(q k^T / sqrt(head)) v
 * x = x + linear(a)                              out_proj
 * x = x + fc2(gelu(fc1(LayerNorm(x))))           norm2; fc1, fc2
 * </pre>
 */
final class EncoderLayers {
    static final KernelText TEXT = KernelText.load(EncoderLayers.class, "encoder.torchscript", TensorOperations.TEXT);

    private static final Kernel LAYERS = TEXT.kernel("encoder_layers");

    /** Number of parameters of a layer. */
    static final int PARTS = 16;

    /** SigLIP's names. */
    static final String[] SIGLIP = names("layer_norm1", "layer_norm2", "mlp.fc1", "mlp.fc2");

    /** Whisper's names; its keys have no bias. */
    static final String[] WHISPER = names("self_attn_layer_norm", "final_layer_norm", "fc1", "fc2");

    private static final String KEY_BIAS = "self_attn.k_proj.bias";

    private EncoderLayers() {}

    private static String[] names(String norm1, String norm2, String up, String down) {
        List<String> names = new ArrayList<>();
        for (String module : List.of(
                norm1,
                "self_attn.q_proj",
                "self_attn.k_proj",
                "self_attn.v_proj",
                "self_attn.out_proj",
                norm2,
                up,
                down)) {
            names.add(module + ".weight");
            names.add(module + ".bias");
        }
        return names.toArray(String[]::new);
    }

    /**
     * Runs the first layers.
     *
     * @param x {@code [N,T,hidden]}
     * @param weights of {@link #list}
     * @param depth how many layers to run
     * @param tanh true: GELU in its tanh approximation; false: exact GELU
     */
    static NDArray run(
            Kernels kernels,
            NDManager scope,
            NDArray x,
            NDArray[] weights,
            int depth,
            int heads,
            double epsilon,
            boolean tanh) {
        NDArray[] first = Arrays.copyOf(weights, depth * PARTS);
        return kernels.one(scope, LAYERS, x, first, depth, heads, epsilon, tanh);
    }

    /** All layers' parameters; {@code keyBias} replaces biases that the checkpoint does not have. */
    static NDArray[] list(Weights weights, String prefix, int layers, String[] names, NDArray keyBias) {
        NDArray[] all = new NDArray[layers * PARTS];
        for (int i = 0; i < all.length; i++) {
            String name = names[i % PARTS];
            all[i] = keyBias != null && name.equals(KEY_BIAS) ? keyBias : weights.get(prefix + i / PARTS + "." + name);
        }
        return all;
    }

    static void declare(
            Map<String, Declaration> all, String prefix, int layers, String[] names, int hidden, int intermediate) {
        for (int i = 0; i < layers; i++) {
            for (String name : names) {
                if (names == WHISPER && name.equals(KEY_BIAS)) {
                    continue;
                }
                all.put(prefix + i + "." + name, declaration(name, hidden, intermediate));
            }
        }
    }

    private static Declaration declaration(String name, long hidden, long intermediate) {
        boolean up = name.contains("fc1");
        boolean down = name.contains("fc2");
        boolean norm = name.contains("norm");
        if (name.endsWith(".bias")) {
            return new Declaration(Start.ZEROS, up ? intermediate : hidden);
        }
        if (norm) {
            return new Declaration(Start.ONES, hidden);
        }
        return new Declaration(Start.FAN_IN, up ? intermediate : hidden, down ? intermediate : hidden);
    }
}
