package io.migr.model.network;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.migr.engine.SafeTensors;
import io.migr.engine.SafeTensors.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/** The golden numbers of one fixture folder; {@code -Dmigr.parity=DIR} reads other fixtures of the same form. */
public final class Parity {
    static final double ACTIVATIONS = 1e-4;
    public static final double LOSSES = 1e-5;
    public static final double GRADIENTS = 2e-5;

    final Path folder;

    Parity(String name) {
        folder = root().resolve(name);
    }

    private static Path root() {
        String given = System.getProperty("migr.parity");
        return given == null || given.isBlank() ? Path.of("src/test/resources/parity") : Path.of(given);
    }

    Map<String, Tensor> tensors(String file) throws IOException {
        return SafeTensors.read(folder.resolve(file));
    }

    JsonNode json(String file) throws IOException {
        return new ObjectMapper().readTree(folder.resolve(file).toFile());
    }

    static NDArray array(NDManager manager, Tensor tensor) {
        Shape shape = new Shape(tensor.shape());
        return tensor.type() == SafeTensors.Type.I64
                ? manager.create(tensor.longs(), shape)
                : manager.create(tensor.floats(), shape);
    }

    public static void close(String what, Tensor expected, NDArray actual, double tolerance) {
        assertArrayEquals(expected.shape(), actual.getShape().getShape(), what + " shape");
        close(what, expected.floats(), actual.toFloatArray(), tolerance);
    }

    public static void close(String what, float[] expected, float[] actual, double tolerance) {
        assertTrue(expected.length > 0 && expected.length == actual.length, what + " size " + actual.length);
        double worst = 0;
        for (int i = 0; i < expected.length; i++) {
            double off = Math.abs(expected[i] - actual[i]);
            worst = Double.isNaN(off) ? Double.POSITIVE_INFINITY : Math.max(worst, off);
        }
        assertTrue(worst <= tolerance, what + " is off by " + worst + ", allowed " + tolerance);
    }

    /** The share of elements within {@code fine} must reach {@code share}, the rest stay within {@code coarse}. */
    static void mostlyClose(String what, float[] expected, float[] actual, double fine, double share, double coarse) {
        int near = 0;
        double worst = 0;
        for (int i = 0; i < expected.length; i++) {
            double off = Math.abs(expected[i] - actual[i]);
            near += off <= fine ? 1 : 0;
            worst = Double.isNaN(off) ? Double.POSITIVE_INFINITY : Math.max(worst, off);
        }
        // the share in whole elements: one of a bias of 32 is already 3 percent
        assertTrue(
                near >= Math.floor(share * expected.length) && worst <= coarse,
                what + ": " + near + " of " + expected.length + " within " + fine + ", worst " + worst);
    }
}
