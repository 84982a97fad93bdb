package io.migr.perception.voice;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.migr.perception.voice.FrameMeter.Spectra;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Sounds whose measures can be computed by hand. */
class FrameMeterTest {
    private static final Nets NETS = new Nets();
    private static final int MIDDLE = 40;

    @AfterAll
    static void close() {
        NETS.close();
    }

    private static Spectra spectra(float[] sound) {
        return NETS.meter.spectra(sound);
    }

    @Test
    void framesOf40MillisecondsEvery10() {
        assertEquals(0, FrameMeter.frames(639));
        assertEquals(1, FrameMeter.frames(640));
        assertEquals(397, FrameMeter.frames(64_000));
        assertEquals(397, spectra(new float[64_000]).level().length);
        assertEquals(397, NETS.meter.correlation(new float[64_000]).r().length);
    }

    @Test
    void levelOfASineIsHalfItsSquaredAmplitude() {
        assertEquals(10 * Math.log10(0.005), spectra(Sounds.tone(1, 500, 0.1)).level()[MIDDLE], 0.01);
    }

    @Test
    void alphaRatioComparesThePowerAboveAndBelowOneKilohertz() {
        float[] sound = Sounds.sum(Sounds.tone(1, 500, 0.1), Sounds.tone(1, 2000, 0.05), Sounds.tone(1, 5000, 0.3));
        assertEquals(20 * Math.log10(0.5), spectra(sound).alpha()[MIDDLE], 0.05);
    }

    @Test
    void hammarbergComparesTheStrongestLines() {
        float[] sound = Sounds.sum(Sounds.tone(1, 500, 0.2), Sounds.tone(1, 1500, 0.1), Sounds.tone(1, 3000, 0.02));
        assertEquals(20, spectra(sound).hammarberg()[MIDDLE], 0.1);
    }

    @Test
    void cepstralPeakIsHighInAVoiceAndLowInNoise() {
        double voice = spectra(Sounds.voice(1, t -> 150)).cpp()[MIDDLE];
        double noise = spectra(Sounds.noise(1, 0.1, 3)).cpp()[MIDDLE];
        assertTrue(voice > noise + 8, voice + " in a voice, " + noise + " in noise");
    }

    @Test
    void fluxIsTheChangeOfTheLogMagnitude() {
        float[] sound = Sounds.noise(1, 0.1, 4);
        assertEquals(0, spectra(Sounds.tone(1, 500, 0.1)).flux()[MIDDLE], 0.01);
        // every sample grows by e^(1/1600), so every band by 0.1 in 10 ms
        float[] growing = Sounds.tone(1, 500, 1e-4);
        float[] steady = Sounds.sum(sound);
        for (int i = 0; i < sound.length; i++) {
            growing[i] = (float) (1e-3 * Math.exp(i / 1600.0) * (i % 160 == 0 ? 1 : 0));
            steady[i] = (float) (1e-3 * (i % 160 == 0 ? 1 : 0));
        }
        assertEquals(0.1, spectra(growing).flux()[MIDDLE], 0.01);
        assertEquals(0, spectra(steady).flux()[MIDDLE], 0.001);
    }

    @Test
    void autocorrelationAtThePeriodIsTheShareOfTheHarmonics() {
        float[] sound = Sounds.sum(Sounds.voice(2, t -> 160), Sounds.noise(2, 0.1 * Math.pow(10, -15 / 20.0), 6));
        PitchPath path = NETS.pitch(sound);
        double mean = 0;
        for (double r : path.strength()) {
            mean += 10 * Math.log10(r / (1 - r)) / path.strength().length;
        }
        assertEquals(15, mean, 1.5);
    }
}
