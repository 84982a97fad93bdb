package io.migr.model.decode;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.migr.model.network.Decoder;
import io.migr.model.network.Network;
import io.migr.model.network.TokenSplice;
import java.util.Arrays;
import java.util.List;

/**
 * Prompts that are run once and continued by any number of texts: the texts' tokens attend to the prompt's cached keys
 * and values. Under autograd the gradient of all texts flows back through the single run. The result equals that of
 * running every prompt and text as one sequence, up to rounding.
 */
public final class SharedPrompt {
    private final Decoder decoder;
    private final NDArray hidden;
    private final NDArray[] cache;
    private final NDArray[] mask;
    private final long[] lengths;

    private SharedPrompt(Decoder decoder, NDArray hidden, NDArray[] cache, NDArray[] mask, long[] lengths) {
        this.decoder = decoder;
        this.hidden = hidden;
        this.cache = cache;
        this.mask = mask;
        this.lengths = lengths;
    }

    /**
     * Runs prompts.
     *
     * @param embeddings {@code [B,P,hidden]}, shorter prompts padded on the left
     * @param attention {@code [B][P]} true for real positions; null: no padding
     */
    public static SharedPrompt of(NDManager scope, Decoder decoder, NDArray embeddings, boolean[][] attention) {
        int prompts = (int) embeddings.getShape().get(0);
        int length = (int) embeddings.getShape().get(1);
        NDArray[] out = decoder.prefill(scope, embeddings, attention);
        NDArray[] mask = new NDArray[0];
        if (attention != null) {
            float[] additive = new float[prompts * length];
            for (int i = 0; i < additive.length; i++) {
                additive[i] = attention[i / length][i % length] ? 0f : Decoder.MASKED;
            }
            mask = new NDArray[] {scope.create(additive, new Shape(prompts, 1, 1, 1, 1, length))};
        }
        return new SharedPrompt(
                decoder,
                out[0],
                Arrays.copyOfRange(out, 1, out.length),
                mask,
                TokenSplice.lengths(attention, prompts, length));
    }

    /** Number of prompts. */
    public int size() {
        return lengths.length;
    }

    NDArray[] cache() {
        return cache;
    }

    NDArray[] mask() {
        return mask;
    }

    long[] lengths() {
        return lengths;
    }

    /** Logits of the first token after each prompt, {@code [B,vocabulary]}. */
    NDArray firstLogits(NDManager scope) {
        return decoder.lastLogits(scope, hidden);
    }

    /**
     * Scores of texts, token by token: the tokens of all texts one after the other, without padding.
     *
     * @param logProbs of each token, {@code [N]}, nats
     * @param entropies of the distribution each token was scored in, {@code [N]}, nats, without gradient
     */
    public record Scores(NDArray logProbs, NDArray entropies) {}

    /**
     * Scores texts.
     *
     * @param texts at least one token each, the same number of texts for every prompt, those of one prompt next
     *     to each other; an end token counts as a token
     * @param allowed null: the whole vocabulary; otherwise per text and token the ids (null: all) over which the
     *     distribution is renormalised
     */
    public Scores score(NDManager scope, List<int[]> texts, List<int[][]> allowed) {
        if (texts.isEmpty() || texts.size() % size() != 0) {
            throw new IllegalArgumentException(
                    texts.size() + " texts can't continue " + size() + " prompts: every prompt needs the same number.");
        }
        int tokens = texts.stream().mapToInt(text -> text.length).sum();
        int width =
                Math.max(2, texts.stream().mapToInt(text -> text.length).max().orElseThrow()) - 1;
        long[] inputs = new long[texts.size() * width];
        long[] index = new long[tokens];
        long[] ids = new long[tokens];
        long[] starts = new long[texts.size()];
        int at = 0;
        for (int row = 0; row < texts.size(); row++) {
            int[] text = texts.get(row);
            if (text.length == 0) {
                throw new IllegalArgumentException("Text " + row + " has no token; give it at least the end token.");
            }
            starts[row] = lengths[row * size() / texts.size()];
            for (int t = 0; t < text.length; t++) {
                if (t + 1 < text.length) {
                    inputs[row * width + t] = text[t];
                }
                index[at] = (long) row * (width + 1) + t;
                ids[at++] = text[t];
            }
        }
        NDArray extended = decoder.extend(
                scope,
                scope.create(inputs, new Shape(texts.size(), width)),
                decoder.rotary().from(scope, starts, width),
                Decoder.causal(scope, width),
                mask,
                cache);
        NDArray[] out = decoder.continuation(
                scope,
                hidden,
                extended,
                scope.create(index),
                scope.create(ids),
                allowed == null ? new NDArray[0] : new NDArray[] {allowance(scope, allowed, tokens)});
        return new Scores(out[0], out[1]);
    }

    /** Mean cross-entropy over all tokens of the texts, defined as in {@link Network#loss}. */
    public NDArray loss(NDManager scope, List<int[]> texts) {
        return decoder.negativeMean(scope, score(scope, texts, null).logProbs());
    }

    private NDArray allowance(NDManager scope, List<int[][]> allowed, int tokens) {
        int vocabulary = decoder.config().vocabulary();
        float[] additive = new float[tokens * vocabulary];
        int at = 0;
        for (int[][] text : allowed) {
            for (int[] ids : text) {
                if (ids != null) {
                    Arrays.fill(additive, at * vocabulary, (at + 1) * vocabulary, Decoder.MASKED);
                    for (int id : ids) {
                        additive[at * vocabulary + id] = 0f;
                    }
                }
                at++;
            }
        }
        if (at != tokens) {
            throw new IllegalArgumentException("Allowed ids are given for " + at + " of " + tokens + " tokens.");
        }
        return scope.create(additive, new Shape(tokens, vocabulary));
    }
}
