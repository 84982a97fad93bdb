package io.migr.engine;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import io.migr.engine.SafeTensors.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

/**
 * Parameters by their checkpoint names. They are declared first, in a manifest of names and shapes; loading is strict,
 * so that no weight is ever left random by mistake.
 */
public final class Weights implements AutoCloseable {

    /** How a parameter is initialised when a network is trained from scratch. */
    public enum Start {
        ZEROS,
        ONES,
        /** Normal, standard deviation 1/sqrt(fan-in), fan-in = product of all dimensions but the first. */
        FAN_IN,
        /** Normal, standard deviation 0.02. */
        SMALL
    }

    /** A declared parameter. */
    public record Declaration(Start start, long... shape) {}

    private final NDManager manager;
    private final Map<String, NDArray> parameters = new LinkedHashMap<>();

    private Weights(NDManager parent) {
        manager = parent.newSubManager();
    }

    /**
     * Loads exactly the declared tensors.
     *
     * @param ignorable names that a checkpoint may contain although the network does not use them
     * @throws IOException if the tensors do not match; the message lists every missing, unexpected and misshaped one
     */
    public static Weights load(
            NDManager parent, Path source, Map<String, Declaration> manifest, Predicate<String> ignorable)
            throws IOException {
        return of(parent, source.toString(), SafeTensors.read(source), manifest, ignorable);
    }

    /** As {@link #load}, from tensors already read; {@code origin} is their source in error messages. */
    public static Weights of(
            NDManager parent,
            String origin,
            Map<String, Tensor> tensors,
            Map<String, Declaration> manifest,
            Predicate<String> ignorable)
            throws IOException {
        refuseMismatch(origin, tensors, manifest, ignorable);
        Weights weights = new Weights(parent);
        manifest.forEach((name, declared) -> weights.put(name, tensors.get(name).floats(), declared.shape()));
        return weights;
    }

    /** Newly initialised parameters; the same for the same random numbers. */
    public static Weights random(NDManager parent, Map<String, Declaration> manifest, RandomGenerator random) {
        Weights weights = new Weights(parent);
        manifest.forEach((name, declared) -> weights.put(name, values(declared, random), declared.shape()));
        return weights;
    }

    private static float[] values(Declaration declared, RandomGenerator random) {
        long[] shape = declared.shape();
        float[] values = new float[Math.toIntExact(new Shape(shape).size())];
        switch (declared.start()) {
            case ZEROS -> {}
            case ONES -> Arrays.fill(values, 1f);
            case FAN_IN, SMALL -> {
                double deviation =
                        declared.start() == Start.SMALL ? 0.02 : 1 / Math.sqrt((double) values.length / shape[0]);
                for (int i = 0; i < values.length; i++) {
                    values[i] = (float) (random.nextGaussian() * deviation);
                }
            }
        }
        return values;
    }

    private static void refuseMismatch(
            String origin, Map<String, Tensor> tensors, Map<String, Declaration> manifest, Predicate<String> ignorable)
            throws IOException {
        List<String> problems = new ArrayList<>();
        manifest.forEach((name, declared) -> {
            Tensor tensor = tensors.get(name);
            if (tensor == null) {
                problems.add("missing    " + name + " " + Arrays.toString(declared.shape()));
            } else if (!Arrays.equals(tensor.shape(), declared.shape())) {
                problems.add("misshaped  " + name + " " + Arrays.toString(tensor.shape()) + ", expected "
                        + Arrays.toString(declared.shape()));
            }
        });
        for (String name : tensors.keySet()) {
            if (!manifest.containsKey(name) && !ignorable.test(name)) {
                problems.add("unexpected " + name + " "
                        + Arrays.toString(tensors.get(name).shape()));
            }
        }
        if (!problems.isEmpty()) {
            throw new IOException("The weights in " + origin + " do not fit the configuration (" + problems.size()
                    + " tensors). Use the config.json that belongs to them.\n  " + String.join("\n  ", problems));
        }
    }

    private void put(String name, float[] values, long... shape) {
        // create() makes a tensor backed by Java memory; the copy belongs to torch and survives garbage collection
        try (NDArray borrowed = manager.create(values, new Shape(shape))) {
            NDArray owned = borrowed.duplicate();
            owned.setName(name);
            parameters.put(name, owned);
        }
    }

    /** The manager that owns the parameters. */
    public NDManager manager() {
        return manager;
    }

    public NDArray get(String name) {
        NDArray parameter = parameters.get(name);
        if (parameter == null) {
            throw new IllegalArgumentException("No parameter is named " + name + ".");
        }
        return parameter;
    }

    /** The parameters with these names, each prefixed with {@code prefix}, in the given order. */
    public NDArray[] list(String prefix, String... names) {
        return Arrays.stream(names).map(name -> get(prefix + name)).toArray(NDArray[]::new);
    }

    /** All parameters in declared order. */
    public Map<String, NDArray> all() {
        return java.util.Collections.unmodifiableMap(parameters);
    }

    /** Makes exactly the parameters whose names match {@code names} trainable. */
    public void train(Predicate<String> names) {
        parameters.forEach((name, parameter) -> parameter.setRequiresGradient(names.test(name)));
    }

    /** Clears accumulated gradients. */
    public void zeroGradients() {
        for (NDArray parameter : parameters.values()) {
            if (parameter.hasGradient()) {
                JniUtils.zeroGrad((PtNDArray) parameter);
            }
        }
    }

    /** Total number of scalars. */
    public long size() {
        return parameters.values().stream().mapToLong(NDArray::size).sum();
    }

    /** The current values of the parameters, for {@link SafeTensors#write}. */
    public Map<String, Tensor> tensors(boolean half) {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        parameters.forEach((name, parameter) -> {
            long[] shape = parameter.getShape().getShape();
            float[] values = parameter.toFloatArray();
            tensors.put(name, half ? Tensor.half(values, shape) : Tensor.of(values, shape));
        });
        return tensors;
    }

    @Override
    public void close() {
        manager.close();
    }
}
