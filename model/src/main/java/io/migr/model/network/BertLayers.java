package io.migr.model.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.migr.engine.Kernel;
import io.migr.engine.KernelText;
import io.migr.engine.Kernels;
import io.migr.engine.TensorOperations;

/** BERT's parts, as the text gate and the sentence verifier use them: embeddings, post-norm layers, head. */
public final class BertLayers {
    private static final KernelText TEXT = KernelText.load(BertLayers.class, "bert.torchscript", TensorOperations.TEXT);
    private static final Kernel EMBED = TEXT.kernel("bert_embed");
    private static final Kernel LAYER = TEXT.kernel("bert_layer");
    private static final Kernel FIRST_TOKEN_MLP = TEXT.kernel("first_token_mlp");

    private BertLayers() {}

    /**
     * Layer norm of the sum of word, token type and position.
     *
     * @param ids {@code [B,T]}
     * @param types {@code [B,T]}
     * @param w tables of words, positions and token types, then weight and bias of the norm
     * @return {@code [B,T,hidden]}
     */
    public static NDArray embed(
            Kernels kernels, NDManager scope, NDArray ids, NDArray types, NDArray[] w, double epsilon) {
        return kernels.one(scope, EMBED, ids, types, w[0], w[1], w[2], w[3], w[4], epsilon);
    }

    /**
     * {@code x = LayerNorm(x + out(attention(x)))}, then {@code x = LayerNorm(x + down(gelu(up(x))))}.
     *
     * @param w weights and biases of query, key, value, out, first norm, up, down, second norm
     * @param mask {@code [B,1,1,T]}, added to the scores of keys
     */
    public static NDArray layer(
            Kernels kernels, NDManager scope, NDArray x, NDArray[] w, NDArray mask, int heads, double epsilon) {
        return kernels.one(scope, LAYER, x, w, mask, heads, epsilon);
    }

    /**
     * Two layers with GELU between them over each first token, {@code [B,T,hidden]} to {@code [B,out]}.
     *
     * @param w weight, bias, weight, bias
     */
    public static NDArray firstTokenMlp(Kernels kernels, NDManager scope, NDArray hidden, NDArray[] w) {
        return kernels.one(scope, FIRST_TOKEN_MLP, hidden, w[0], w[1], w[2], w[3]);
    }
}
