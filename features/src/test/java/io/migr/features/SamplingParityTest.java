package io.migr.features;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/** Compares frame indices and log-mel with reference values; {@code -Dmigr.parity=DIR} uses other fixtures. */
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

    @Test
    void logMelPaddedToThirtySeconds() throws IOException {
        JsonNode about = JSON.readTree(fixture("whisper/mel_expected.json").toFile());
        byte[] wav = Files.readAllBytes(fixture("whisper/" + about.path("wav").asText()));
        ByteBuffer pcm = ByteBuffer.wrap(wav).order(ByteOrder.LITTLE_ENDIAN).position(44);
        float[] samples = new float[about.path("num_samples").asInt()];
        for (int i = 0; i < samples.length; i++) {
            samples[i] = pcm.getShort() / 32768f;
        }
        float[][] mel = new LogMel().padded(samples, 30);
        assertEquals(3000, mel[0].length);
        float[][] head = tensor("mel_head");
        double rest = about.path("constant_fill_value_frames_264_to_2999").asDouble();
        for (int bin = 0; bin < 128; bin++) {
            assertArrayEquals(head[bin], Arrays.copyOf(mel[bin], head[bin].length), 1e-4f, "band " + bin);
            for (int t = head[bin].length; t < 3000; t++) {
                assertEquals(rest, mel[bin][t], 1e-4);
            }
            double mean = 0;
            for (float value : mel[bin]) {
                mean += value / 3000;
            }
            assertEquals(about.path("band_mean").get(bin).asDouble(), mean, 1e-4);
        }
    }

    @Test
    void filterBankAndSilence() throws IOException {
        float[][] wanted = tensor("mel_filters_201x128");
        double[][] actual = LogMel.slaney();
        for (int k = 0; k < 201; k++) {
            for (int bin = 0; bin < 128; bin++) {
                assertEquals(wanted[k][bin], actual[bin][k], 1e-6);
            }
        }
        for (float[] band : new LogMel().of(new float[16_000])) {
            for (float value : band) {
                assertEquals(-1.5f, value, 1e-6f);
            }
        }
    }

    @Test
    void anUnpaddedClipHasOneColumnPerTenMilliseconds() {

        float[] tone = new float[16_000 * 3];
        for (int i = 0; i < tone.length; i++) {
            tone[i] = (float) (0.5 * Math.sin(2 * Math.PI * 1000 * i / 16_000));
        }
        float[][] mel = new LogMel().of(tone);
        assertEquals(300, mel[0].length);
        int loudest = 0;
        for (int bin = 0; bin < 128; bin++) {
            loudest = mel[bin][150] > mel[loudest][150] ? bin : loudest;
        }
        // 1 kHz is 15 of 45.2 mel, spread over 129 steps
        assertEquals(42, loudest, 1);
        assertThrows(IllegalArgumentException.class, () -> new LogMel().of(new float[100]));
    }

    private static float[][] tensor(String name) throws IOException {
        ByteBuffer file = ByteBuffer.wrap(Files.readAllBytes(fixture("whisper/mel_expected.safetensors")))
                .order(ByteOrder.LITTLE_ENDIAN);
        int header = (int) file.getLong(0);
        JsonNode entry = JSON.readTree(new String(file.array(), 8, header, StandardCharsets.UTF_8))
                .path(name);
        int at = 8 + header + entry.path("data_offsets").get(0).asInt();
        float[][] rows = new float[entry.path("shape").get(0).asInt()]
                [entry.path("shape").get(1).asInt()];
        for (float[] row : rows) {
            for (int i = 0; i < row.length; i++, at += 4) {
                row[i] = file.getFloat(at);
            }
        }
        return rows;
    }
}
