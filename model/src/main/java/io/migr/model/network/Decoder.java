package io.migr.model.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.migr.engine.Kernel;
import io.migr.engine.KernelText;
import io.migr.engine.Kernels;
import io.migr.engine.TensorOperations;
import io.migr.engine.Weights;
import io.migr.engine.Weights.Declaration;
import io.migr.engine.Weights.Start;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The Qwen2 decoder: RMS norm, rotary positions, grouped-query attention, SwiGLU; the unembedding may be tied.
 *
 * <p>Parameters carry their Hugging Face names. Positions follow the mask: a row padded on the left counts
 * from its first real token.
 */
public final class Decoder {
    /** Added to the score of a key that must not be seen. */
    public static final float MASKED = -1e9f;

    private static final KernelText TEXT = KernelText.load(Decoder.class, "decoder.torchscript", DecoderLayer.TEXT);
    private static final Kernel LAYERS = TEXT.kernel("decoder");
    private static final Kernel HEAD = TEXT.kernel("head");
    private static final Kernel LAST_LOGITS = TEXT.kernel("last_logits");
    private static final Kernel STEP = TEXT.kernel("decode_step");
    private static final Kernel GROWN = TEXT.kernel("grown");
    private static final Kernel ATTENTION_SHARES = TEXT.kernel("attention_shares");
    private static final Kernel RMS_NORM = DecoderLayer.TEXT.kernel("rms_norm");

    private static final KernelText CONTINUATION_TEXT =
            KernelText.load(Decoder.class, "continuation.torchscript", TEXT);
    private static final Kernel EXTEND = CONTINUATION_TEXT.kernel("extend");
    private static final Kernel EXTEND_STEP = CONTINUATION_TEXT.kernel("extend_step");
    private static final Kernel BUFFERS = CONTINUATION_TEXT.kernel("buffers");
    private static final Kernel CONTINUATION = CONTINUATION_TEXT.kernel("continuation");

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
     * @param theta base of the rotary angles
     * @param epsilon of the RMS norm
     * @param tied whether the unembedding is the embedding
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
    private final Rotary rotary;
    private final AtomicLong prompts = new AtomicLong();
    private final AtomicLong continuations = new AtomicLong();

    /** A decoder with parameters from {@code weights}, which remains their owner. */
    public Decoder(Config config, Weights weights, Kernels kernels) {
        this.config = config;
        this.kernels = kernels;
        embedding = weights.get("model.embed_tokens.weight");
        unembedding = config.tied() ? embedding : weights.get("lm_head.weight");
        norm = weights.get("model.norm.weight");
        layers = DecoderLayer.all(weights, config);
        rotary = new Rotary(
                weights.manager(), kernels, config.maxPositions(), config.hidden() / config.heads(), config.theta());
    }

    /** The parameters that a decoder of these sizes has. */
    public static Map<String, Declaration> manifest(Config c) {
        Map<String, Declaration> all = new LinkedHashMap<>();
        all.put("model.embed_tokens.weight", new Declaration(Start.SMALL, c.vocabulary(), c.hidden()));
        for (int i = 0; i < c.layers(); i++) {
            String prefix = DecoderLayer.prefix(i);
            DecoderLayer.parameters(c).forEach((name, declared) -> all.put(prefix + name, declared));
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

    long prompts() {
        return prompts.get();
    }

    long continuations() {
        return continuations.get();
    }

    /** The causal mask {@code [length,length]}, additive: a position sees itself and those before it. */
    public static NDArray causal(NDManager scope, int length) {
        float[] additive = new float[length * length];
        for (int t = 0; t < length; t++) {
            Arrays.fill(additive, t * length + t + 1, (t + 1) * length, MASKED);
        }
        return scope.create(additive, new Shape(length, length));
    }

    /** Token embeddings: ids {@code [B,T]} to {@code [B,T,hidden]}. */
    public NDArray embed(NDManager scope, NDArray ids) {
        return TensorOperations.embedding(kernels, scope, ids, embedding);
    }

    /** Rotary tables (cosine, sine) and the attention mask of a batch; the mask is empty if nothing is padded. */
    record Layout(NDArray[] rotary, NDArray[] mask) {}

    /**
     * Rotary tables and attention mask of a whole padded batch.
     *
     * @param attention {@code [B][T]}: true where a token is real; null: no padding
     */
    Layout layout(NDManager scope, boolean[][] attention, int length) {
        if (attention == null) {
            return new Layout(rotary.rows(scope, 0, length), new NDArray[0]);
        }
        int batch = attention.length;
        long[] positions = new long[batch * length];
        float[] mask = new float[batch * length * length];
        for (int b = 0; b < batch; b++) {
            int count = 0;
            for (int t = 0; t < length; t++) {
                positions[b * length + t] = attention[b][t] ? count++ : 1;
                for (int u = 0; u < length; u++) {
                    // a padded position attends to itself, so that its softmax is finite
                    boolean open = u == t || (u < t && attention[b][u]);
                    mask[(b * length + t) * length + u] = open ? 0f : MASKED;
                }
            }
        }
        return new Layout(
                rotary.at(scope, positions, batch, length),
                new NDArray[] {scope.create(mask, new Shape(batch, 1, length, length))});
    }

    public Rotary rotary() {
        return rotary;
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

    /** As {@link #hidden} over all layers; the hidden states are followed by each layer's keys and values. */
    public NDArray[] prefill(NDManager scope, NDArray inputs, boolean[][] attention) {
        prompts.addAndGet(inputs.getShape().get(0));
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
                LAYERS,
                inputs,
                layers,
                layout.rotary()[0],
                layout.rotary()[1],
                layout.mask(),
                depth,
                config.heads(),
                config.kvHeads(),
                config.epsilon(),
                cached);
    }

    /**
     * How attention divides among groups of keys, for analysis; decoding does not use it.
     *
     * @param inputs one unpadded sequence, {@code [1,T,hidden]}
     * @param segments {@code [T,S]}: 1 where a key belongs to a group
     * @return per layer {@code [1,T,S]}, the mean over heads of the attention mass that a position gives a group
     */
    public NDArray[] attentionShares(NDManager scope, NDArray inputs, NDArray segments) {
        int length = (int) inputs.getShape().get(1);
        Layout layout = layout(scope, null, length);
        return kernels.all(
                scope,
                ATTENTION_SHARES,
                inputs,
                layers,
                layout.rotary()[0],
                layout.rotary()[1],
                causal(scope, length),
                segments,
                config.layers(),
                config.heads(),
                config.kvHeads(),
                config.epsilon());
    }

    /** Final norm and unembedding: {@code [B,T,hidden]} to logits {@code [B,T,vocabulary]}. */
    public NDArray logits(NDManager scope, NDArray hidden) {
        return kernels.one(scope, HEAD, hidden, norm, unembedding, config.epsilon());
    }

    /** The final norm alone. */
    NDArray normed(NDManager scope, NDArray hidden) {
        return kernels.one(scope, RMS_NORM, hidden, norm, config.epsilon());
    }

    /**
     * Decodes the next tokens of every row and writes their keys and values to the cache.
     *
     * @param ids {@code [B,T]}
     * @param rotary cosine and sine of the tokens' positions, {@code [B,1,T,head]}
     * @param mask {@code [B,1,T,at+T]} additive, or empty if T = 1 and all places before are seen
     * @param cache keys and values per layer, {@code [B,kvHeads,places,head]}, see {@link #grown}
     * @param at the place of the first of the tokens
     * @param last {@code [B]}: which of the B T tokens is the last one of each row
     * @return logits of what follows these, {@code [B,vocabulary]}
     */
    public NDArray step(
            NDManager scope, NDArray ids, NDArray[] rotary, NDArray[] mask, NDArray[] cache, int at, NDArray last) {
        return kernels.one(
                scope,
                STEP,
                ids,
                embedding,
                layers,
                norm,
                unembedding,
                rotary[0],
                rotary[1],
                mask,
                cache,
                at,
                last,
                config.layers(),
                config.heads(),
                config.kvHeads(),
                config.epsilon());
    }

    /** A cache with more places, of which the first hold what the given one holds; it belongs to {@code scope}. */
    public NDArray[] grown(NDManager scope, NDArray[] cache, int places) {
        return kernels.all(scope, GROWN, cache, places);
    }

    /** Chosen rows of a cache; they belong to {@code scope}. */
    public NDArray[] rows(NDManager scope, NDArray[] cache, NDArray index) {
        return TensorOperations.rows(kernels, scope, cache, index);
    }

    /**
     * Runs the layers over texts that continue prompts already run, the same number of texts for every prompt.
     *
     * @param ids {@code [B*G,T]}, the texts of one prompt next to each other
     * @param rotary tables of the texts' positions
     * @param nearMask {@code [T,T]} additive, which tokens of its text a token sees
     * @param farMask {@code [B,1,1,1,1,P]} additive, or empty: which tokens of a prompt are real
     * @param far keys and values of the prompts per layer, {@code [B,kvHeads,P,head]}
     * @return hidden states before the final norm, {@code [B*G,T,hidden]}
     */
    public NDArray extend(
            NDManager scope, NDArray ids, NDArray[] rotary, NDArray nearMask, NDArray[] farMask, NDArray[] far) {
        continuations.addAndGet(ids.getShape().get(0));
        return kernels.one(
                scope,
                EXTEND,
                embed(scope, ids),
                layers,
                rotary[0],
                rotary[1],
                new NDArray[] {nearMask},
                farMask,
                far,
                new NDArray[0],
                0,
                config.layers(),
                config.heads(),
                config.kvHeads(),
                config.epsilon());
    }

    /**
     * Zeros for the keys and values of texts, for {@link #extendStep}.
     *
     * @param far keys and values of the prompts
     * @param texts number of texts
     * @param limit most tokens of a text
     * @return per layer {@code [texts,kvHeads,limit,head]}
     */
    public NDArray[] buffers(NDManager scope, NDArray[] far, int texts, int limit) {
        return kernels.all(scope, BUFFERS, far, texts, limit);
    }

    /** The weights that decoding reads at every step, in the type in which the kernels multiply. */
    public record Stored(NDArray[] layers, NDArray unembedding) {}

    /** Converts the weights for {@link #extendStep}; they belong to {@code scope}. */
    public Stored stored(NDManager scope) {
        NDArray[] all = Arrays.copyOf(layers, layers.length + 1);
        all[layers.length] = unembedding;
        NDArray[] fast = TensorOperations.stored(kernels, scope, all);
        return new Stored(Arrays.copyOf(fast, layers.length), fast[layers.length]);
    }

    /**
     * Decodes one more token for every text and writes its keys and values to {@code near} at position {@code at}.
     *
     * @param ids {@code [B*G,1]}
     * @param near keys and values of the texts per layer, {@code [B*G,kvHeads,limit,head]}
     * @return logits {@code [B*G,vocabulary]}
     */
    public NDArray extendStep(
            NDManager scope,
            Stored stored,
            NDArray ids,
            NDArray[] rotary,
            NDArray[] farMask,
            NDArray[] far,
            NDArray[] near,
            int at) {
        return kernels.one(
                scope,
                EXTEND_STEP,
                ids,
                embedding,
                stored.layers(),
                norm,
                stored.unembedding(),
                rotary[0],
                rotary[1],
                farMask,
                far,
                near,
                at,
                config.layers(),
                config.heads(),
                config.kvHeads(),
                config.epsilon());
    }

    /** Logits of the token that follows each prompt: hidden {@code [B,P,hidden]} to {@code [B,vocabulary]}. */
    public NDArray lastLogits(NDManager scope, NDArray hidden) {
        return kernels.one(scope, LAST_LOGITS, hidden, norm, unembedding, config.epsilon());
    }

    /**
     * Log-probability and entropy at chosen positions of texts.
     *
     * @param prompt hidden states of the prompts {@code [B,P,hidden]}, of which the last ones predict the first tokens
     * @param texts hidden states of the texts {@code [B*G,T,hidden]}
     * @param index rows of the concatenation {@code [B*G*(T+1)]} to score
     * @param ids the token to score in each of them
     * @param mask {@code [N,vocabulary]} additive, or empty
     * @return log-probabilities {@code [N]} and entropies {@code [N]}, the latter without gradient, in nats
     */
    public NDArray[] continuation(
            NDManager scope, NDArray prompt, NDArray texts, NDArray index, NDArray ids, NDArray[] mask) {
        return kernels.all(scope, CONTINUATION, prompt, texts, norm, unembedding, config.epsilon(), index, ids, mask);
    }

    public NDArray negativeMean(NDManager scope, NDArray values) {
        return TensorOperations.negativeMean(kernels, scope, values);
    }
}
