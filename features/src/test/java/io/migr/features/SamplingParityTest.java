package io.migr.features;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/** Compares frame indices with reference values; {@code -Dmigr.parity=DIR} uses other fixtures. */
final class SamplingParityTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private static Path fixture(String name) {
        String given = System.getProperty("migr.parity");
        Path root = given == null || given.isBlank() ? Path.of("src/test/resources/parity") : Path.of(given);
        return root.resolve(name);
    }

    @Test
    void frameIndices() throws IOException {
        JsonNode cases = JSON.readTree(
                        fixture("siglip_preprocess/frame_indices.json").toFile())
                .path("cases");
        assertEquals(23, cases.size());
        for (JsonNode one : cases) {
            int available = one.path("frames_in_clip").asInt();
            int count = one.path("num_frames").asInt();
            int[] wanted = StreamSupport.stream(one.path("indices").spliterator(), false)
                    .mapToInt(JsonNode::asInt)
                    .toArray();
            int[] actual = one.path("start_s").isNull()
                    ? FrameSampler.uniform(available, count)
                    : FrameSampler.uniform(
                            available,
                            count,
                            one.path("fps").asDouble(),
                            one.path("start_s").asDouble(),
                            one.path("end_s").asDouble());
            assertArrayEquals(wanted, actual, one.toString());
        }
        assertThrows(IllegalArgumentException.class, () -> FrameSampler.uniform(0, 8));
    }
}
