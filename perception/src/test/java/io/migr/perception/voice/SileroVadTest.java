package io.migr.perception.voice;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Compares with what the published network computes of four synthetic sounds. */
class SileroVadTest {
    @ParameterizedTest
    @ValueSource(ints = {1, 4, 6, 7})
    void computesThePublishedProbabilities(int sound) {
        try (Nets nets = new Nets()) {
            float[] expected = Sounds.resource("vad" + sound + ".f32");
            assertArrayEquals(expected, nets.vad.probabilities(Sounds.resource("audio" + sound + ".f32")), 1e-5f);
        }
    }

    @Test
    void anUnfinishedChunkIsFilledUpWithSilence() {
        try (Nets nets = new Nets()) {
            float[] sound = Arrays.copyOf(Sounds.resource("audio1.f32"), 5 * SileroVad.CHUNK + 1);
            float[] filled = Arrays.copyOf(sound, 6 * SileroVad.CHUNK);
            assertArrayEquals(nets.vad.probabilities(filled), nets.vad.probabilities(sound));
        }
    }

    @Test
    void noSoundHasNoProbabilities() {
        try (Nets nets = new Nets()) {
            assertEquals(0, nets.vad.probabilities(new float[0]).length);
        }
    }
}
