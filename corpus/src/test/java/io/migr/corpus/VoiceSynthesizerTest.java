package io.migr.corpus;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.migr.corpus.DrawnVoiceCues.Dimension;
import io.migr.corpus.DrawnVoiceCues.Event;
import io.migr.corpus.DrawnVoiceCues.Voice;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The sound follows the true prosody, as measured on the samples. */
final class VoiceSynthesizerTest {
    private static final VoiceLook LOOK = VoiceLook.of(4);

    private static float[] speak(Dimension dimension, double deviation, Event event) {
        double[] deviations = new double[Dimension.values().length];
        if (dimension != null) {
            deviations[dimension.ordinal()] = deviation;
        }
        return new VoiceSynthesizer(LOOK, new SplittableRandom(3), 3)
                .render(new Voice(deviations, event), 30)
                .samples();
    }

    private static double level(float[] samples) {
        double sum = 0;
        for (float sample : samples) {
            sum += sample * sample;
        }
        return 10 * Math.log10(sum / samples.length);
    }

    /** Median of the best autocorrelation lag over loud 40 ms frames, Hz. */
    private static double pitch(float[] samples) {
        double[] found = new double[samples.length / 320];
        int count = 0;
        double loud = Math.pow(10, (level(samples) - 3) / 10);
        for (int at = 0; at + 1600 < samples.length; at += 320) {
            double energy = 0;
            for (int i = 0; i < 640; i++) {
                energy += samples[at + i] * samples[at + i];
            }
            if (energy / 640 < loud) {
                continue;
            }
            double best = 0;
            int bestLag = 0;
            for (int lag = 32; lag < 230; lag++) {
                double sum = 0;
                double other = 0;
                for (int i = 0; i < 640; i++) {
                    sum += samples[at + i] * samples[at + i + lag];
                    other += samples[at + i + lag] * samples[at + i + lag];
                }
                double correlation = sum / Math.sqrt(energy * other + 1e-12);
                if (correlation > best + 0.01) {
                    best = correlation;
                    bestLag = lag;
                }
            }
            if (best > 0.6) {
                found[count++] = (double) VoiceSynthesizer.RATE / bestLag;
            }
        }
        double[] voiced = Arrays.copyOf(found, count);
        Arrays.sort(voiced);
        assertTrue(count > 15, count + " voiced frames");
        return voiced[count / 2];
    }

    private static double silentShare(float[] samples) {
        int silent = 0;
        int frames = 0;
        double floor = level(samples) - 13;
        for (int at = 0; at + 320 < samples.length; at += 320, frames++) {
            silent += level(Arrays.copyOfRange(samples, at, at + 320)) < floor ? 1 : 0;
        }
        return silent / (double) frames;
    }

    private static double highShare(float[] samples) {
        double difference = 0;
        double energy = 0;
        for (int i = 1; i < samples.length; i++) {
            difference += Math.pow(samples[i] - samples[i - 1], 2);
            energy += samples[i] * samples[i];
        }
        return difference / energy;
    }

    @Test
    void pitchLevelPausesAndBrightnessAreAudible() {
        double neutral = pitch(speak(null, 0, Event.NONE));
        assertEquals(1, neutral / LOOK.pitchHz(), 0.2);
        double raised = pitch(speak(Dimension.PITCH, 2, Event.NONE));
        assertEquals(Math.exp(0.4), raised / neutral, 0.12);
        double louder = level(speak(Dimension.LEVEL, 2, Event.NONE)) - level(speak(Dimension.LEVEL, 0, Event.NONE));
        assertEquals(6.4, louder, 0.5);
        assertTrue(silentShare(speak(Dimension.PAUSES, 2, Event.NONE))
                > silentShare(speak(Dimension.PAUSES, -1, Event.NONE)) + 0.1);
        assertTrue(highShare(speak(Dimension.BRIGHTNESS, 2, Event.NONE))
                > 1.2 * highShare(speak(Dimension.BRIGHTNESS, -2, Event.NONE)));
    }

    @ParameterizedTest
    @EnumSource(
            value = Event.class,
            names = {"LAUGH", "SOB", "GASP", "GROWL", "SIGH", "SCREAM"})
    void everyEventChangesTheSound(Event event) {
        float[] plain = speak(null, 0, Event.NONE);
        float[] with = speak(null, 0, event);
        double difference = 0;
        for (int i = 0; i < plain.length; i++) {
            difference += Math.pow(plain[i] - with[i], 2);
            assertTrue(Float.isFinite(with[i]));
        }
        assertTrue(10 * Math.log10(difference / plain.length) > level(plain) - 15);
    }

    @Test
    void aSoundIsAFunctionOfItsSeedAndSilenceIsOnlyNoise() {
        assertArrayEquals(speak(null, 0, Event.LAUGH), speak(null, 0, Event.LAUGH));
        VoiceSynthesizer.Sound noise = new VoiceSynthesizer(LOOK, new SplittableRandom(3), 3).render(null, 20);
        assertEquals(LOOK.levelDb() - 20, level(noise.samples()), 1);
        for (float opening : noise.mouth()) {
            assertEquals(0, opening);
        }
    }

    @Test
    void highVoicesComeFromShortTracts() {
        for (int voice = 0; voice < 50; voice++) {
            VoiceLook look = VoiceLook.of(voice);
            assertEquals(look.pitchHz() > 155, look.tract() < 1.005, look.toString());
        }
    }
}
