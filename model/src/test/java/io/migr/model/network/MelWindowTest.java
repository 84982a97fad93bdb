package io.migr.model.network;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MelWindowTest {

    private static float[] placed(float[][] logMel, int bins, int window, int shift) {
        float[] out = new float[bins * window];
        Arrays.fill(out, 9);
        MelWindow.place(MelWindow.flat(logMel, window), bins, out, 0, window, shift);
        return out;
    }

    @Test
    void theRestIsTwoBelowTheLoudestButNotBelowTheSilenceOfWhisper() {
        assertArrayEquals(new float[] {1, 0.5f, -1, -1}, placed(new float[][] {{1, 0.5f}}, 1, 4, 0));
        assertArrayEquals(new float[] {-1.5f, 0.25f, -1.5f, -1.5f}, placed(new float[][] {{-1.5f, 0.25f}}, 1, 4, 0));
        assertArrayEquals(new float[] {-1, -1, 1, 0.5f}, placed(new float[][] {{1, 0.5f}}, 1, 4, 2));
    }

    @Test
    void longClipsAreCutAndNoSoundIsZero() {
        float[][] logMel = {{0, 1, 2}, {3, 4, 5}};
        assertArrayEquals(new float[] {0, 1, 3, 4}, placed(logMel, 2, 2, 0));
        assertArrayEquals(new float[4], placed(null, 2, 2, 0));
    }

    @Test
    void energiesAreRoundedToHalfFloats() {
        assertArrayEquals(new float[] {0x1.004p0f}, placed(new float[][] {{0x1.005p0f}}, 1, 1, 0));
    }

    /** Silence is what the log-mel of the clip with zeros after it has there, but where the window ends the clip. */
    @ParameterizedTest
    @ValueSource(floats = {0.3f, 1e-3f, 1e-5f})
    void theRestIsThatOfSoundPaddedWithZeros(float loudness) {
        float[] tone = new float[16_000];
        for (int i = 0; i < tone.length; i++) {
            tone[i] = (float) (loudness * Math.sin(2 * Math.PI * 440 * i / 16_000));
        }
        float[] placed = placed(new LogMel().of(tone), LogMel.BINS, 200, 0);
        float[][] padded = new LogMel().padded(tone, 2);
        for (int bin = 0; bin < LogMel.BINS; bin++) {
            // the last windows of the clip and the first after it see both sides of its end
            for (int t = 102; t < 200; t++) {
                assertEquals(padded[bin][t], placed[bin * 200 + t], 2e-3, "bin " + bin + ", frame " + t);
            }
        }
    }
}
