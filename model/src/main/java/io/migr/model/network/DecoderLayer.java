package io.migr.model.network;

import ai.djl.ndarray.NDArray;
import io.migr.engine.KernelText;
import io.migr.engine.TensorOperations;
import io.migr.engine.Weights;
import io.migr.engine.Weights.Declaration;
import io.migr.engine.Weights.Start;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One layer of the decoder. Top to bottom, over {@code x [B,T,hidden]}:
 *
 * <pre>
 * h = RMSNorm(x)                                 rms_norm, input_layernorm
 * q, k, v = linear(h)                            q_proj, k_proj, v_proj
 * q, k = rotary(q), rotary(k)                    positions
 * k, v = [cached k; k], [cached v; v]            when decoding
 * a = softmax(q k^T / sqrt(head) + mask) v       grouped: several query heads read one key head
 * x = x + linear(a)                              o_proj
 * h = RMSNorm(x)                                 rms_norm, post_attention_layernorm
 * x = x + down(silu(gate(h)) * up(h))            swiglu: gate_proj, up_proj, down_proj
 * </pre>
 *
 * <p>{@code decoder_layer.torchscript} has the same steps under the same names as functions.
 */
final class DecoderLayer {
    static final KernelText TEXT =
            KernelText.load(DecoderLayer.class, "decoder_layer.torchscript", TensorOperations.TEXT);

    private DecoderLayer() {}

    /** A layer's parameters under Hugging Face's names, in the order in which the kernels take them. */
    static Map<String, Declaration> parameters(Decoder.Config c) {
        long hidden = c.hidden();
        long queries = hidden / c.heads() * c.heads();
        long keys = hidden / c.heads() * c.kvHeads();
        Map<String, Declaration> all = new LinkedHashMap<>();
        all.put("input_layernorm.weight", new Declaration(Start.ONES, hidden));
        all.put("self_attn.q_proj.weight", new Declaration(Start.FAN_IN, queries, hidden));
        all.put("self_attn.q_proj.bias", new Declaration(Start.ZEROS, queries));
        all.put("self_attn.k_proj.weight", new Declaration(Start.FAN_IN, keys, hidden));
        all.put("self_attn.k_proj.bias", new Declaration(Start.ZEROS, keys));
        all.put("self_attn.v_proj.weight", new Declaration(Start.FAN_IN, keys, hidden));
        all.put("self_attn.v_proj.bias", new Declaration(Start.ZEROS, keys));
        all.put("self_attn.o_proj.weight", new Declaration(Start.SMALL, hidden, queries));
        all.put("post_attention_layernorm.weight", new Declaration(Start.ONES, hidden));
        all.put("mlp.gate_proj.weight", new Declaration(Start.FAN_IN, c.intermediate(), hidden));
        all.put("mlp.up_proj.weight", new Declaration(Start.FAN_IN, c.intermediate(), hidden));
        all.put("mlp.down_proj.weight", new Declaration(Start.SMALL, hidden, c.intermediate()));
        return all;
    }

    /** The parameters of all layers, one layer after the other, as the kernels take them. */
    static NDArray[] all(Weights weights, Decoder.Config c) {
        String[] names = parameters(c).keySet().toArray(String[]::new);
        NDArray[][] layers = new NDArray[c.layers()][];
        for (int i = 0; i < layers.length; i++) {
            layers[i] = weights.list(prefix(i), names);
        }
        return Arrays.stream(layers).flatMap(Arrays::stream).toArray(NDArray[]::new);
    }

    /** The prefix of a layer's parameter names in the checkpoint. */
    static String prefix(int layer) {
        return "model.layers." + layer + ".";
    }
}
