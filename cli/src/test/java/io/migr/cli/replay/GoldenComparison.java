package io.migr.cli.replay;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/**
 * Compares results with recorded ones: texts, enums, whole numbers and structure exactly, floats within a tolerance.
 * Processors with other vector instructions (AVX2, AVX-512, NEON) sum the products of a matrix multiplication in
 * another order, so the last bits of a float differ between machines: by about 1e-7 of it for one sum, more after many
 * layers (1.4e-5 was seen). On one machine the bytes are the same.
 */
final class GoldenComparison {
    private static final double RELATIVE = 1e-4;

    /** Smaller numbers, such as the logarithm of a probability near 1, are compared as if they were of this size. */
    private static final double SMALLEST = 0.1;

    private GoldenComparison() {}

    /** One line for each value that differs; {@code at} names the place. */
    static List<String> differences(String at, JsonNode expected, JsonNode actual) {
        List<String> differences = new ArrayList<>();
        compare(at, expected, actual, differences);
        return differences;
    }

    private static void compare(String at, JsonNode expected, JsonNode actual, List<String> differences) {
        if (expected.isObject() && actual.isObject()) {
            TreeSet<String> names = new TreeSet<>();
            expected.fieldNames().forEachRemaining(names::add);
            TreeSet<String> others = new TreeSet<>();
            actual.fieldNames().forEachRemaining(others::add);
            if (!names.equals(others)) {
                differences.add(at + ": fields " + names + " became " + others);
                return;
            }
            for (String name : names) {
                compare(at + "." + name, expected.get(name), actual.get(name), differences);
            }
        } else if (expected.isArray() && actual.isArray() && expected.size() == actual.size()) {
            for (int i = 0; i < expected.size(); i++) {
                compare(at + "[" + i + "]", expected.get(i), actual.get(i), differences);
            }
        } else if (!same(expected, actual)) {
            differences.add(at + ": " + expected + " became " + actual);
        }
    }

    private static boolean same(JsonNode expected, JsonNode actual) {
        if (expected.isFloatingPointNumber() && actual.isFloatingPointNumber()) {
            double size = Math.max(SMALLEST, Math.abs(expected.doubleValue()));
            return Math.abs(expected.doubleValue() - actual.doubleValue()) <= RELATIVE * size;
        }
        return expected.equals(actual);
    }
}
