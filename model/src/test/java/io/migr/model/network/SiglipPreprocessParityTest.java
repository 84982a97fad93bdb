package io.migr.model.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.migr.engine.SafeTensors.Tensor;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Compares picture preprocessing with the fixture parity/siglip_preprocess. */
final class SiglipPreprocessParityTest {
    private static final int SIZE = 224;
    private final Parity parity = new Parity("siglip_preprocess");

    @ParameterizedTest
    @CsvSource({
        "frame_a_640x360.png, frame_a_nopad, false",
        "frame_a_640x360.png, frame_a_pad, true",
        "frame_b_180x250.png, frame_b_nopad, false",
        "frame_b_180x250.png, frame_b_pad, true"
    })
    void resizesAndNormalises(String file, String name, boolean pad) throws IOException {
        Map<String, Tensor> expected = parity.tensors("expected.safetensors");
        BufferedImage picture = ImageIO.read(parity.folder.resolve(file).toFile());
        FramePreprocessor preprocessor = new FramePreprocessor(SIZE, pad);
        int[] resized = preprocessor.resized(picture);
        float[] wanted = expected.get(name + ".resized_u8").floats();
        int equal = 0;
        for (int i = 0; i < wanted.length; i++) {
            assertTrue(Math.abs(wanted[i] - resized[i]) <= 1, name + " at " + i);
            equal += wanted[i] == resized[i] ? 1 : 0;
        }
        assertTrue(equal >= 0.99 * wanted.length, name + ": " + equal + " of " + wanted.length + " equal");
        float[] values = new float[3 * SIZE * SIZE];
        preprocessor.pixelValues(picture, values, 0);
        float[] sparse = expected.get(name + ".pixel_values_stride8").floats();
        float[] rounded = expected.get(name + ".resized_u8").floats();
        for (int i = 0; i < sparse.length; i++) {
            int at = i / 784 * SIZE * SIZE + i % 784 / 28 * 8 * SIZE + i % 28 * 8;
            if (rounded[at] == resized[at]) {
                assertEquals(sparse[i], values[at], 1e-6, name + " value " + i);
            }
        }
        channelStatistics(name, values);
    }

    private void channelStatistics(String name, float[] values) throws IOException {
        JsonNode means = parity.json("expected.json").path("checks").path(name).path("channel_mean");
        assertEquals(3, means.size());
        for (int channel = 0; channel < 3; channel++) {
            double sum = 0;
            for (int i = 0; i < SIZE * SIZE; i++) {
                sum += values[channel * SIZE * SIZE + i];
            }
            assertEquals(means.get(channel).asDouble(), sum / (SIZE * SIZE), 1e-4);
        }
    }
}
