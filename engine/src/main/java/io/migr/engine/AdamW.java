package io.migr.engine;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.migr.engine.SafeTensors.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * AdamW with global norm clipping over the trainable parameters of {@link Weights}:
 *
 * <pre>
 * p -= lr * decay * p
 * m = b1 m + (1 - b1) g;  v = b2 v + (1 - b2) g^2
 * p -= lr * (m / (1 - b1^t)) / (sqrt(v / (1 - b2^t)) + eps)
 * </pre>
 */
public final class AdamW implements AutoCloseable {

    /** Hyperparameters; {@code clip} is the largest global gradient norm, infinity for no clipping. */
    public record Settings(double decay, double beta1, double beta2, double epsilon, double clip) {
        public static Settings usual() {
            return new Settings(0.01, 0.9, 0.999, 1e-8, 1.0);
        }
    }

    private static final KernelText TEXT = KernelText.load(AdamW.class, "adamw.torchscript");
    private static final Kernel STEP = TEXT.kernel("adamw");
    private static final Kernel CLIP_NORM = TEXT.kernel("clip_norm");

    private final Settings settings;
    private final Kernels kernels;
    private final NDManager manager;
    private final List<String> names = new ArrayList<>();
    private final NDArray[] parameters;
    private final NDArray[] first;
    private final NDArray[] second;
    private final NDArray[] steps;

    /** Optimises the parameters with names that match {@code trainable}, and makes exactly these trainable. */
    public AdamW(Weights weights, Predicate<String> trainable, Kernels kernels, Settings settings) {
        this.settings = settings;
        this.kernels = kernels;
        manager = weights.manager().newSubManager();
        weights.train(trainable);
        weights.all().keySet().stream().filter(trainable).forEach(names::add);
        parameters = names.stream().map(weights::get).toArray(NDArray[]::new);
        first = new NDArray[parameters.length];
        second = new NDArray[parameters.length];
        steps = new NDArray[parameters.length];
        for (int i = 0; i < parameters.length; i++) {
            first[i] = manager.zeros(parameters[i].getShape());
            second[i] = manager.zeros(parameters[i].getShape());
            steps[i] = manager.zeros(new Shape(), DataType.FLOAT32);
        }
    }

    /**
     * Applies the accumulated gradients and clears them. A step whose gradient is not finite changes nothing.
     *
     * @return the gradient norm before clipping; not finite when the step was dropped
     */
    public float step(double learningRate) {
        try (NDManager scope = manager.newSubManager()) {
            List<NDArray> live = new ArrayList<>();
            List<Integer> which = new ArrayList<>();
            for (int i = 0; i < parameters.length; i++) {
                if (parameters[i].hasGradient()) {
                    NDArray gradient = parameters[i].getGradient();
                    gradient.attach(scope);
                    live.add(gradient);
                    which.add(i);
                }
            }
            NDArray[] gradients = live.toArray(NDArray[]::new);
            float norm =
                    kernels.one(scope, CLIP_NORM, gradients, settings.clip()).getFloat();
            if (Float.isFinite(norm)) {
                kernels.all(
                        scope,
                        STEP,
                        pick(parameters, which),
                        gradients,
                        pick(first, which),
                        pick(second, which),
                        pick(steps, which),
                        learningRate,
                        settings.decay(),
                        settings.beta1(),
                        settings.beta2(),
                        settings.epsilon());
            }
            for (int i : which) {
                ai.djl.pytorch.jni.JniUtils.zeroGrad((ai.djl.pytorch.engine.PtNDArray) parameters[i]);
            }
            return norm;
        }
    }

    private static NDArray[] pick(NDArray[] all, List<Integer> which) {
        return which.stream().map(i -> all[i]).toArray(NDArray[]::new);
    }

    /** Moments and step counts, from which training resumes bit for bit. */
    public Map<String, Tensor> state() {
        Map<String, Tensor> state = new LinkedHashMap<>();
        for (int i = 0; i < parameters.length; i++) {
            long[] shape = parameters[i].getShape().getShape();
            state.put("m." + names.get(i), Tensor.of(first[i].toFloatArray(), shape));
            state.put("v." + names.get(i), Tensor.of(second[i].toFloatArray(), shape));
            state.put("t." + names.get(i), Tensor.of(steps[i].toFloatArray()));
        }
        return state;
    }

    /**
     * Restores moments and step counts from a {@link #state}.
     *
     * @throws IllegalArgumentException if the state lacks one of the parameters
     */
    public void restore(Map<String, Tensor> state) {
        for (int i = 0; i < parameters.length; i++) {
            first[i].set(floats(state, "m." + names.get(i)));
            second[i].set(floats(state, "v." + names.get(i)));
            steps[i].set(floats(state, "t." + names.get(i)));
        }
    }

    private static float[] floats(Map<String, Tensor> state, String name) {
        Tensor tensor = state.get(name);
        if (tensor == null) {
            throw new IllegalArgumentException(
                    "The optimiser's state has no " + name + ": it belongs to another set of trainable parameters.");
        }
        return tensor.floats();
    }

    @Override
    public void close() {
        manager.close();
    }
}
