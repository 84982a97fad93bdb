package io.migr.model.engine;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.pytorch.jni.TorchScript;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/**
 * The kernel set of {@code kernels.txt}: what DJL lacks (grouped-query attention, RMS norm, fused AdamW) or does
 * in too many native calls. One instance serves all threads.
 *
 * <p>Two traps rule every caller. A DJL operation with a Java number on a gradient path frees memory that autograd
 * still reads, so arithmetic under autograd happens in here. And gradient mode belongs to a thread and is on in new
 * ones, so every thread that only infers calls {@link #recordGradients} with false.
 */
public final class Kernels implements AutoCloseable {
    private static final String FLOAT_LINEAR = "    return torch.linear(x, w, b)\n";
    private static final String BFLOAT_LINEAR =
            """
                if torch.__is__(b, None):
                  r = torch.linear(x.to(15), w.to(15), None).to(6)
                else:
                  r = torch.linear(x.to(15), w.to(15), torch._unwrap_optional(b).to(15)).to(6)
                return r
            """
                    .indent(0);

    private static final String FLOAT_PRODUCT = "    return torch.matmul(a, b)\n";
    private static final String BFLOAT_PRODUCT = "    return torch.matmul(a.to(15), b.to(15)).to(6)\n";

    private static final String FLOAT_STORED = "    return x\n\n  def buffers";
    private static final String BFLOAT_STORED =
            """
                y = annotate(List[Tensor], [])
                for i in range(torch.len(x)):
                  if torch.gt(torch.dim(x[i]), 1):
                    _1 = torch.append(y, x[i].to(15))
                  else:
                    _1 = torch.append(y, x[i])
                return y
            """
                            .indent(0)
                    + "\n  def buffers";

    private final TorchScript script;

    public Kernels(NDManager manager) {
        this(manager, false);
    }

    /**
     * Compiles the kernels.
     *
     * @param bfloatLinears multiply matrices in bfloat16 with float32 weights: 2 to 3 times faster training on
     *     processors that have it, with its rounding
     */
    public Kernels(NDManager manager, boolean bfloatLinears) {
        String text = text();
        if (bfloatLinears) {
            text = text.replace(FLOAT_LINEAR, BFLOAT_LINEAR)
                    .replace(FLOAT_PRODUCT, BFLOAT_PRODUCT)
                    .replace(FLOAT_STORED, BFLOAT_STORED);
        }
        script = new TorchScript(manager, text);
    }

    private static String text() {
        try (InputStream in = Kernels.class.getResourceAsStream("kernels.txt")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Runs a kernel that returns one tensor, owned by {@code owner}. */
    public NDArray one(NDManager owner, String kernel, Object... arguments) {
        return script.call(owner, kernel, arguments)[0];
    }

    /** Runs a kernel that returns a list of tensors (or nothing), owned by {@code owner}. */
    public NDArray[] all(NDManager owner, String kernel, Object... arguments) {
        return script.call(owner, kernel, arguments);
    }

    /**
     * Switches autograd for the calling thread, and TorchScript's optimising executor off for it: that one rewrites a
     * kernel after its first calls, so that a resumed run would round otherwise than one that was never stopped.
     */
    public static void recordGradients(boolean on) {
        Engine.getInstance(); // loads the native library
        JniUtils.setGradMode(on);
        JniUtils.setGraphExecutorOptimize(false);
    }

    /** Accumulates d {@code loss} / d parameter into every trainable parameter that the scalar came from. */
    public static void backward(NDArray loss) {
        try (NDManager scope = loss.getManager().newSubManager()) {
            JniUtils.backward((PtNDArray) loss, (PtNDArray) scope.ones(loss.getShape()), false, false);
        }
    }

    @Override
    public void close() {
        script.close();
    }
}
