package io.migr.model.network;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.JsonNode;
import io.migr.engine.SafeTensors.Tensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Compares the log-mel with reference values of parity/whisper. */
final class LogMelTest {
    private final Parity parity = new Parity("whisper");

    @Test
    void logMelPaddedToThirtySeconds() throws IOException {
        JsonNode about = parity.json("mel_expected.json");
        byte[] wav = Files.readAllBytes(parity.folder.resolve(about.path("wav").asText()));
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

    private float[][] tensor(String name) throws IOException {
        Tensor tensor = parity.tensors("mel_expected.safetensors").get(name);
        float[] flat = tensor.floats();
        int width = (int) tensor.shape()[1];
        float[][] rows = new float[(int) tensor.shape()[0]][];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = Arrays.copyOfRange(flat, i * width, (i + 1) * width);
        }
        return rows;
    }
}
