package io.migr.engine;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;

/** Operations that several layers share. The kernel texts of layers call the functions of {@link #TEXT}. */
public final class TensorOperations {
    /** Among others {@code linear} and {@code product}, which multiply in the precision of the {@link Kernels}. */
    public static final KernelText TEXT = KernelText.load(TensorOperations.class, "operations.torchscript");

    private static final Kernel EMBEDDING = TEXT.kernel("embedding");
    private static final Kernel LAYER_NORM = TEXT.kernel("layer_norm");
    private static final Kernel MLP = TEXT.kernel("mlp");
    private static final Kernel NEGATIVE_MEAN = TEXT.kernel("negative_mean");
    private static final Kernel ROWS = TEXT.kernel("rows");
    private static final Kernel SOFTMAX = TEXT.kernel("softmax");
    private static final Kernel STORED = TEXT.kernel("stored");
    private static final Kernel TOTAL = TEXT.kernel("total");

    private TensorOperations() {}

    /** Rows of a table {@code [V,D]}: ids {@code [...]} to {@code [...,D]}. */
    public static NDArray embedding(Kernels kernels, NDManager scope, NDArray ids, NDArray table) {
        return kernels.one(scope, EMBEDDING, ids, table);
    }

    /** Layer norm over the last dimension. */
    public static NDArray layerNorm(
            Kernels kernels, NDManager scope, NDArray x, NDArray weight, NDArray bias, double epsilon) {
        return kernels.one(scope, LAYER_NORM, x, weight, bias, epsilon);
    }

    /**
     * Two layers with GELU between them, {@code [...,in]} to {@code [...,out]}.
     *
     * @param w weight {@code [inner,in]}, bias {@code [inner]}, weight {@code [out,inner]}, bias {@code [out]}
     */
    public static NDArray mlp(Kernels kernels, NDManager scope, NDArray x, NDArray[] w) {
        return kernels.one(scope, MLP, x, w[0], w[1], w[2], w[3]);
    }

    /** Minus the mean of all elements, a scalar. */
    public static NDArray negativeMean(Kernels kernels, NDManager scope, NDArray x) {
        return kernels.one(scope, NEGATIVE_MEAN, x);
    }

    /** The slices {@code index} of the first dimension of each tensor. */
    public static NDArray[] rows(Kernels kernels, NDManager scope, NDArray[] tensors, NDArray index) {
        return kernels.all(scope, ROWS, tensors, index);
    }

    /** Softmax over the last dimension. */
    public static NDArray softmax(Kernels kernels, NDManager scope, NDArray x) {
        return kernels.one(scope, SOFTMAX, x);
    }

    /** The tensors converted once to the type that kernels multiply in; not for use under autograd. */
    public static NDArray[] stored(Kernels kernels, NDManager scope, NDArray[] tensors) {
        return kernels.all(scope, STORED, (Object) tensors);
    }

    /** The sum of tensors of one shape. */
    public static NDArray total(Kernels kernels, NDManager scope, NDArray[] tensors) {
        return kernels.one(scope, TOTAL, (Object) tensors);
    }
}
