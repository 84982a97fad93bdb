package io.migr.engine;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.pytorch.jni.TorchScript;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Runs {@link Kernel}s: what DJL lacks (grouped-query attention, RMS norm, fused AdamW) or does in too many native
 * calls. A {@link KernelText} is compiled when one of its kernels is first called. One instance serves all threads.
 *
 * <p>Every caller has to avoid two traps. A DJL operation with a Java number on a gradient path frees memory that
 * autograd still reads, so arithmetic under autograd must happen in kernels. Gradient mode is a property of the thread
 * and is on in new threads, so every thread that only infers must call {@link #recordGradients} with false.
 */
public final class Kernels implements AutoCloseable {

    /** The type in which matrices are multiplied. Parameters and results are float32 in both. */
    public enum Precision {
        FLOAT32(6),
        /** Trains 2 to 3 times faster on processors that multiply bfloat16 in hardware, but rounds more coarsely. */
        BFLOAT16(15);

        /** torch's code for the type. */
        private final long number;

        Precision(long number) {
            this.number = number;
        }

        /** {@link #BFLOAT16} if {@code bfloat} is true, otherwise {@link #FLOAT32}. */
        public static Precision of(boolean bfloat) {
            return bfloat ? BFLOAT16 : FLOAT32;
        }
    }

    private final NDManager manager;
    private final Map<String, Long> attributes;
    private final Map<KernelText, TorchScript> modules = new ConcurrentHashMap<>();

    /** Kernels on the manager's device that multiply in float32. */
    public Kernels(NDManager manager) {
        this(manager, Precision.FLOAT32);
    }

    /** Kernels on the manager's device that multiply in the given precision. */
    public Kernels(NDManager manager, Precision precision) {
        this.manager = manager;
        attributes = Map.of("precision", precision.number);
    }

    /** Runs a kernel that returns one tensor, owned by {@code owner}. */
    public NDArray one(NDManager owner, Kernel kernel, Object... arguments) {
        return all(owner, kernel, arguments)[0];
    }

    /** Runs a kernel that returns a list of tensors (or nothing), owned by {@code owner}. */
    public NDArray[] all(NDManager owner, Kernel kernel, Object... arguments) {
        return compiled(kernel.text()).call(owner, kernel.function(), arguments);
    }

    private TorchScript compiled(KernelText text) {
        return modules.computeIfAbsent(text, wanted -> new TorchScript(manager, wanted.complete(), attributes));
    }

    /**
     * Turns autograd on or off for the calling thread, and always turns off TorchScript's optimising executor for it:
     * the executor rewrites a kernel after its first calls, so a resumed run would round differently from an
     * uninterrupted one.
     */
    public static void recordGradients(boolean on) {
        Engine.getInstance(); // loads the native library
        JniUtils.setGradMode(on);
        JniUtils.setGraphExecutorOptimize(false);
    }

    /** Accumulates d loss / d parameter in every trainable parameter that {@code loss}, a scalar, depends on. */
    public static void backward(NDArray loss) {
        try (NDManager scope = loss.getManager().newSubManager()) {
            JniUtils.backward((PtNDArray) loss, (PtNDArray) scope.ones(loss.getShape()), false, false);
        }
    }

    @Override
    public void close() {
        modules.values().forEach(TorchScript::close);
    }
}
