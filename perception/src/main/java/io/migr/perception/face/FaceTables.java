package io.migr.perception.face;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;

/** MediaPipe's numbers about its mesh: the canonical face and which points the pose and the blendshapes read. */
final class FaceTables {
    private static final JsonNode TABLES = read();

    /** x, y, z in centimetres of the mesh's first 468 points on an average face; y upwards, z towards the camera. */
    static final double[] CANONICAL = numbers("canonical");

    /** Points from which the pose is fitted. */
    static final int[] POSE_LANDMARKS = integers("poseLandmarks");

    /** The weights of {@link #POSE_LANDMARKS}, which sum to 1. */
    static final double[] POSE_WEIGHTS = normalised(numbers("poseWeights"));

    /** The 146 points that the blendshapes net reads. */
    static final int[] BLENDSHAPE_LANDMARKS = integers("blendshapeLandmarks");

    /** The names of the 52 blendshapes in the order of the net's outputs. */
    static final List<String> BLENDSHAPES = StreamSupport.stream(
                    TABLES.path("blendshapes").spliterator(), false)
            .map(JsonNode::asText)
            .toList();

    private FaceTables() {}

    private static JsonNode read() {
        try (InputStream in = FaceTables.class.getResourceAsStream("face_tables.json")) {
            return new ObjectMapper().readTree(in);
        } catch (IOException e) {
            throw new UncheckedIOException("The table face_tables.json could not be read: " + e.getMessage(), e);
        }
    }

    private static double[] numbers(String name) {
        JsonNode values = TABLES.path(name);
        return IntStream.range(0, values.size())
                .mapToDouble(i -> values.get(i).asDouble())
                .toArray();
    }

    private static int[] integers(String name) {
        JsonNode values = TABLES.path(name);
        return IntStream.range(0, values.size()).map(i -> values.get(i).asInt()).toArray();
    }

    private static double[] normalised(double[] weights) {
        double sum = 0;
        for (double weight : weights) {
            sum += weight;
        }
        double total = sum;
        return IntStream.range(0, weights.length)
                .mapToDouble(i -> weights[i] / total)
                .toArray();
    }
}
