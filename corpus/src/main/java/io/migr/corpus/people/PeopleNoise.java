package io.migr.corpus.people;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.migr.model.Emotion;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;

/** The numbers of {@code people-noise.json}. */
final class PeopleNoise {
    static final List<Emotion> LABELS = Emotion.DFEW;

    private static final JsonNode ROOT = read();
    private static final double[] PRIOR = LABELS.stream()
            .mapToDouble(y -> number("labels", "prior", y.word()))
            .toArray();

    private PeopleNoise() {}

    private static JsonNode read() {
        try (InputStream file = PeopleNoise.class.getResourceAsStream("people-noise.json")) {
            return new ObjectMapper().readTree(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Every row, to check that each has its source. */
    static JsonNode rows() {
        return ROOT;
    }

    private static JsonNode at(String... path) {
        JsonNode node = ROOT;
        for (String name : path) {
            node = node.path(name);
        }
        return node;
    }

    /**
     * A number of a row.
     *
     * @throws IllegalStateException if there is none
     */
    static double number(String... path) {
        JsonNode node = at(path);
        if (!node.isNumber()) {
            throw new IllegalStateException("people-noise.json has no number at " + String.join(".", path) + ".");
        }
        return node.doubleValue();
    }

    static double numberOr(double otherwise, String... path) {
        return at(path).isNumber() ? at(path).doubleValue() : otherwise;
    }

    /** A list of numbers of a row. */
    static double[] numbers(String... path) {
        JsonNode node = at(path);
        double[] numbers = new double[node.size()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = node.get(i).doubleValue();
        }
        return numbers;
    }

    /** p(label) in the order of {@link #LABELS}. */
    static double prior(int label) {
        return PRIOR[label];
    }

    /** Smoothed rate of k hits in n tries: (k + 1) / (n + classes). */
    static double rate(double hits, double tries, int classes) {
        return (hits + 1) / (tries + classes);
    }
}
