package io.migr.engine;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;

/** Losses, and log-probabilities computed from logits; gradients flow through all results. */
public final class Losses {
    private static final KernelText TEXT = KernelText.load(Losses.class, "losses.torchscript");
    private static final Kernel CROSS_ENTROPY = TEXT.kernel("cross_entropy");
    private static final Kernel SOFT_CROSS_ENTROPY = TEXT.kernel("soft_cross_entropy");
    private static final Kernel BINARY_CROSS_ENTROPY = TEXT.kernel("binary_cross_entropy");
    private static final Kernel SQUARED_ERROR = TEXT.kernel("squared_error");
    private static final Kernel TOKEN_LOGPROBS = TEXT.kernel("token_logprobs");
    private static final Kernel GRPO_LOSS = TEXT.kernel("grpo_loss");

    private Losses() {}

    /**
     * Mean of {@code -log softmax(logits)[label]}.
     *
     * @param logits {@code [...,classes]}
     * @param labels {@code [...]}; -100 is left out of the mean
     */
    public static NDArray crossEntropy(Kernels kernels, NDManager scope, NDArray logits, NDArray labels) {
        return kernels.one(scope, CROSS_ENTROPY, logits, labels);
    }

    /**
     * Mean of {@code -sum(p log softmax(logits))} over the rows whose probabilities are not all 0; 0 without any.
     *
     * @param logits {@code [n,classes]}
     * @param probabilities p, {@code [n,classes]}; each row sums to 1, or is 0 and left out of the mean
     */
    public static NDArray softCrossEntropy(Kernels kernels, NDManager scope, NDArray logits, NDArray probabilities) {
        return kernels.one(scope, SOFT_CROSS_ENTROPY, logits, probabilities);
    }

    /**
     * Weighted mean of {@code -y log sigmoid(z) - (1 - y) log(1 - sigmoid(z))}; the sum of the weights is taken as at
     * least 1.
     *
     * @param logits z
     * @param targets y, 0 to 1, of the same shape
     * @param weights of the same shape
     */
    public static NDArray binaryCrossEntropy(
            Kernels kernels, NDManager scope, NDArray logits, NDArray targets, NDArray weights) {
        return kernels.one(scope, BINARY_CROSS_ENTROPY, logits, targets, weights);
    }

    /** Weighted mean of {@code (x - target)^2}; the sum of the weights is taken as at least 1. All of one shape. */
    public static NDArray squaredError(Kernels kernels, NDManager scope, NDArray x, NDArray targets, NDArray weights) {
        return kernels.one(scope, SQUARED_ERROR, x, targets, weights);
    }

    /** Log-probability of each id: logits {@code [...,V]} and ids {@code [...]} to {@code [...]}, nats. */
    public static NDArray tokenLogProbs(Kernels kernels, NDManager scope, NDArray logits, NDArray ids) {
        return kernels.one(scope, TOKEN_LOGPROBS, logits, ids);
    }

    /**
     * GRPO's loss and its terms.
     *
     * @param total {@code sum(weight * perToken)}
     * @param perToken {@code -(exp(policy - policy.detach()) * advantage - beta * divergence)}
     * @param divergence k3 estimate of KL(policy || reference), {@code exp(d) - d - 1} with {@code d = reference -
     *     policy}
     */
    public record Grpo(NDArray total, NDArray perToken, NDArray divergence) {}

    /**
     * GRPO's loss over tokens; all tensors have one shape.
     *
     * @param policy log-probabilities under the policy, with gradient
     * @param reference log-probabilities under the reference policy
     * @param advantages of each token's completion
     * @param weights of the tokens in the sum
     * @param beta weight of the divergence
     */
    public static Grpo grpo(
            Kernels kernels,
            NDManager scope,
            NDArray policy,
            NDArray reference,
            NDArray advantages,
            NDArray weights,
            double beta) {
        NDArray[] out = kernels.all(scope, GRPO_LOSS, policy, reference, advantages, weights, beta);
        return new Grpo(out[0], out[1], out[2]);
    }
}
