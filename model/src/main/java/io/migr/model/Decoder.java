package io.migr.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.migr.model.engine.Kernels;
import io.migr.model.engine.Weights;
import io.migr.model.engine.Weights.Declaration;
import io.migr.model.engine.Weights.Start;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The Qwen2 decoder: RMS norm, rotary positions, grouped-query attention, SwiGLU; the unembedding may be tied.
 *
 * <p>Parameters carry their Hugging Face names. Positions follow the mask: a row padded on the left starts its
 * count at its first real token.
 */
public final class Decoder {
    private static final String[] LAYER = {
        "input_layernorm.weight",
        "self_attn.q_proj.weight",
        "self_attn.q_proj.bias",
        "self_attn.k_proj.weight",
        "self_attn.k_proj.bias",
        "self_attn.v_proj.weight",
        "self_attn.v_proj.bias",
        "self_attn.o_proj.weight",
        "post_attention_layernorm.weight",
        "mlp.gate_proj.weight",
        "mlp.up_proj.weight",
        "mlp.down_proj.weight"
    };

    /**
     * Sizes, in Hugging Face's terms.
     *
     * @param hidden width
     * @param layers depth
     * @param heads query heads
     * @param kvHeads key and value heads
     * @param intermediate width of the feed-forward part
     * @param vocabulary rows of the embedding
     * @param maxPositions longest sequence
     */
    public record Config(
            int hidden,
            int layers,
            int heads,
            int kvHeads,
            int intermediate,
            int vocabulary,
            int maxPositions,
            double theta,
            double epsilon,
            boolean tied) {}

    private final Config config;
    private final Kernels kernels;
    private final NDArray embedding;
    private final NDArray unembedding;
    private final NDArray norm;
    private final NDArray[] layers;
    private final NDArray cosine;
    private final NDArray sine;

    /** Reads its parameters out of {@code weights}, which keeps owning them. */
    public Decoder(Config config, Weights weights, Kernels kernels) {
        this.config = config;
        this.kernels = kernels;
        embedding = weights.get("model.embed_tokens.weight");
        unembedding = config.tied() ? embedding : weights.get("lm_head.weight");
        norm = weights.get("model.norm.weight");
        NDArray[][] perLayer = new NDArray[config.layers()][];
        for (int i = 0; i < perLayer.length; i++) {
            perLayer[i] = weights.list("model.layers." + i + ".", LAYER);
        }
        layers = Arrays.stream(perLayer).flatMap(Arrays::stream).toArray(NDArray[]::new);
        int width = config.hidden() / config.heads();
        float[] cos = new float[config.maxPositions() * width];
        float[] sin = new float[cos.length];
        for (int t = 0; t < config.maxPositions(); t++) {
            for (int j = 0; j < width; j++) {
                // float32 inverse frequencies, as the reference has them
                float frequency = (float) (1.0 / Math.pow(config.theta(), 2.0 * (j % (width / 2)) / width));
                cos[t * width + j] = (float) Math.cos((float) t * frequency);
                sin[t * width + j] = (float) Math.sin((float) t * frequency);
            }
        }
        NDManager owner = weights.manager();
        cosine = owner.create(cos, new Shape(config.maxPositions(), width));
        sine = owner.create(sin, new Shape(config.maxPositions(), width));
    }

    /** The parameters that a decoder of these sizes has. */
    public static Map<String, Declaration> manifest(Config c) {
        Map<String, Declaration> all = new LinkedHashMap<>();
        long head = c.hidden() / c.heads();
        long kv = head * c.kvHeads();
        all.put("model.embed_tokens.weight", new Declaration(Start.SMALL, c.vocabulary(), c.hidden()));
        for (int i = 0; i < c.layers(); i++) {
            Declaration[] shapes = {
                new Declaration(Start.ONES, c.hidden()),
                new Declaration(Start.FAN_IN, head * c.heads(), c.hidden()),
                new Declaration(Start.ZEROS, head * c.heads()),
                new Declaration(Start.FAN_IN, kv, c.hidden()),
                new Declaration(Start.ZEROS, kv),
                new Declaration(Start.FAN_IN, kv, c.hidden()),
                new Declaration(Start.ZEROS, kv),
                new Declaration(Start.SMALL, c.hidden(), head * c.heads()),
                new Declaration(Start.ONES, c.hidden()),
                new Declaration(Start.FAN_IN, c.intermediate(), c.hidden()),
                new Declaration(Start.FAN_IN, c.intermediate(), c.hidden()),
                new Declaration(Start.SMALL, c.hidden(), c.intermediate())
            };
            for (int k = 0; k < LAYER.length; k++) {
                all.put("model.layers." + i + "." + LAYER[k], shapes[k]);
            }
        }
        all.put("model.norm.weight", new Declaration(Start.ONES, c.hidden()));
        if (!c.tied()) {
            all.put("lm_head.weight", new Declaration(Start.SMALL, c.vocabulary(), c.hidden()));
        }
        return all;
    }

    public Config config() {
        return config;
    }

    /** Token embeddings: ids {@code [B,T]} to {@code [B,T,hidden]}. */
    public NDArray embed(NDManager scope, NDArray ids) {
        return kernels.one(scope, "embedding", ids, embedding);
    }

    /** Where each row's real tokens stand; {@code null} for a row means no padding at all. */
    record Layout(NDArray cosine, NDArray sine, NDArray[] mask) {}

    /**
     * Rotary tables and attention mask of a whole padded batch.
     *
     * @param attention {@code [B][T]}: true where a token is real; null: no padding
     */
    Layout layout(NDManager scope, boolean[][] attention, int length) {
        if (attention == null) {
            return new Layout(rows(scope, cosine, 0, length), rows(scope, sine, 0, length), new NDArray[0]);
        }
        int batch = attention.length;
        long[] positions = new long[batch * length];
        float[] mask = new float[batch * length * length];
        for (int b = 0; b < batch; b++) {
            int count = 0;
            for (int t = 0; t < length; t++) {
                positions[b * length + t] = attention[b][t] ? count++ : 1;
                for (int u = 0; u < length; u++) {
                    // a padded row looks at itself, so that its softmax is finite
                    boolean open = u == t || (u < t && attention[b][u]);
                    mask[(b * length + t) * length + u] = open ? 0f : -1e9f;
                }
            }
        }
        return new Layout(
                gathered(scope, cosine, positions, batch, length),
                gathered(scope, sine, positions, batch, length),
                new NDArray[] {scope.create(mask, new Shape(batch, 1, length, length))});
    }

    private static NDArray rows(NDManager scope, NDArray table, int from, int to) {
        NDArray rows = table.get(from + ":" + to);
        rows.attach(scope);
        return rows;
    }

    NDArray gathered(NDManager scope, NDArray table, long[] positions, int batch, int length) {
        NDArray ids = scope.create(positions, new Shape(batch, 1, length));
        return kernels.one(scope, "embedding", ids, table);
    }

    /** One-token rotary tables for rows at different positions. */
    NDArray[] rotaryAt(NDManager scope, long[] positions) {
        return new NDArray[] {
            gathered(scope, cosine, positions, positions.length, 1),
            gathered(scope, sine, positions, positions.length, 1)
        };
    }

    /**
     * Runs the layers over embeddings.
     *
     * @param inputs {@code [B,T,hidden]}
     * @param attention real tokens, or null for no padding
     * @param depth how many layers to run
     * @return hidden states before the final norm, {@code [B,T,hidden]}
     */
    public NDArray hidden(NDManager scope, NDArray inputs, boolean[][] attention, int depth) {
        return run(scope, inputs, attention, depth, false)[0];
    }

    /** As {@link #hidden} over all layers, with each layer's keys and values behind the hidden states. */
    NDArray[] prefill(NDManager scope, NDArray inputs, boolean[][] attention) {
        return run(scope, inputs, attention, config.layers(), true);
    }

    private NDArray[] run(NDManager scope, NDArray inputs, boolean[][] attention, int depth, boolean cached) {
        int length = (int) inputs.getShape().get(1);
        if (length > config.maxPositions()) {
            throw new IllegalArgumentException("A sequence of " + length + " tokens is longer than the decoder's "
                    + config.maxPositions() + " positions.");
        }
        Layout layout = layout(scope, attention, length);
        return kernels.all(
                scope,
                "decoder",
                inputs,
                layers,
                layout.cosine(),
                layout.sine(),
                layout.mask(),
                new NDArray[0],
                depth,
                config.heads(),
                config.kvHeads(),
                config.epsilon(),
                cached);
    }

    /**
     * How attention divides among groups of keys, for analysis; decoding does not come this way.
     *
     * @param inputs one unpadded sequence, {@code [1,T,hidden]}
     * @param segments {@code [T,S]}: 1 where a key belongs to a group
     * @return per layer {@code [1,T,S]}, the mean over heads of the attention mass that a position gives a group
     */
    NDArray[] attentionShares(NDManager scope, NDArray inputs, NDArray segments) {
        int length = (int) inputs.getShape().get(1);
        Layout layout = layout(scope, null, length);
        float[] future = new float[length * length];
        for (int t = 0; t < length; t++) {
            Arrays.fill(future, t * length + t + 1, (t + 1) * length, -1e9f);
        }
        return kernels.all(
                scope,
                "attention_shares",
                inputs,
                layers,
                layout.cosine(),
                layout.sine(),
                scope.create(future, new Shape(length, length)),
                segments,
                config.layers(),
                config.heads(),
                config.kvHeads(),
                config.epsilon());
    }

    /** Final norm and unembedding: {@code [B,T,hidden]} to logits {@code [B,T,vocabulary]}. */
    public NDArray logits(NDManager scope, NDArray hidden) {
        return kernels.one(scope, "head", hidden, norm, unembedding, config.epsilon());
    }

    /** The final norm alone. */
    NDArray normed(NDManager scope, NDArray hidden) {
        return kernels.one(scope, "rms", hidden, norm, config.epsilon());
    }

    /**
     * One more token for every row.
     *
     * @param ids {@code [B,1]}
     * @param rotary cosine and sine of the rows' positions, {@code [B,1,1,head]}
     * @param mask {@code [B,1,1,S+1]} additive, or empty
     * @param cache keys and values per layer, {@code [B,kvHeads,S,head]}
     * @return logits {@code [B,vocabulary]}, then the grown cache
     */
    NDArray[] step(NDManager scope, NDArray ids, NDArray[] rotary, NDArray[] mask, NDArray[] cache) {
        return kernels.all(
                scope,
                "decode_step",
                ids,
                embedding,
                layers,
                norm,
                unembedding,
                rotary[0],
                rotary[1],
                mask,
                cache,
                config.layers(),
                config.heads(),
                config.kvHeads(),
                config.epsilon());
    }
}
