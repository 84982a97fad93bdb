package io.migr.features;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProsodyMeterTest {
    private static final int RATE = LogMel.SAMPLE_RATE;

    /** Harmonics of a changing pitch, scaled by {@code gain}, over white noise. */
    private static float[] voice(double seconds, IntToDoubleFunction hertz, IntToDoubleFunction gain, double noise) {
        SplittableRandom random = new SplittableRandom(5);
        float[] samples = new float[(int) (seconds * RATE)];
        double phase = 0;
        for (int i = 0; i < samples.length; i++) {
            phase += 2 * Math.PI * hertz.applyAsDouble(i) / RATE;
            double sum = 0;
            for (int k = 1; k <= 8; k++) {
                sum += Math.sin(k * phase) / k;
            }
            samples[i] = (float) (0.1 * gain.applyAsDouble(i) * sum + noise * random.nextGaussian());
        }
        return samples;
    }

    @ParameterizedTest
    @ValueSource(doubles = {80, 120, 220, 350, 450})
    void findsASteadyPitch(double hertz) {
        Prosody prosody = ProsodyMeter.measure(voice(1, i -> hertz, i -> 1, 0.002));
        assertEquals(hertz, prosody.f0MedianHz(), 0.01 * hertz);
        assertEquals(0, prosody.f0RangeSemitones(), 0.2);
        assertTrue(prosody.voiceActivity() > 0.9);
        assertTrue(prosody.jitterPercent() < 0.5, "jitter " + prosody.jitterPercent());
    }

    @Test
    void measuresAGlideInSemitones() {
        // one octave in 2 s; the 5th to 95th percentile covers nine tenths of it
        Prosody prosody = ProsodyMeter.measure(voice(2, i -> 120 * Math.pow(2, i / (2.0 * RATE)), i -> 1, 0));
        assertEquals(0.9 * 12, prosody.f0RangeSemitones(), 0.4);
    }

    @Test
    void countsSyllablesAndPauses() {
        // five syllables a second for one second, half a second of silence, one more second of syllables
        IntToDoubleFunction gain = i -> {
            double t = i / (double) RATE;
            return t >= 1 && t < 1.5 ? 0 : Math.pow(Math.sin(5 * Math.PI * (t < 1 ? t : t - 1.5)), 2) + 0.02;
        };
        Prosody prosody = ProsodyMeter.measure(voice(2.5, i -> 150, gain, 0.0005));
        assertEquals(10 / 2.5, prosody.speechRate(), 0.5);
        assertEquals(0.5 / 2.5, prosody.pauseShare(), 0.06);
    }

    @Test
    void tenTimesTheAmplitudeIsTwentyDecibelsLouder() {
        float quiet = ProsodyMeter.measure(voice(1, i -> 150, i -> 0.1, 0)).levelDb();
        float loud = ProsodyMeter.measure(voice(1, i -> 150, i -> 1, 0)).levelDb();
        assertEquals(20, loud - quiet, 0.2);
    }

    @Test
    void noiseAndSilenceAreNotAVoice() {
        for (double level : new double[] {0, 0.001, 0.1}) {
            Prosody prosody = ProsodyMeter.measure(voice(3, i -> 100, i -> 0, level));
            assertFalse(prosody.voiceActive(), "noise " + level + " has activity " + prosody.voiceActivity());
        }
    }
}
