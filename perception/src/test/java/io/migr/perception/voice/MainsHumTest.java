package io.migr.perception.voice;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MainsHumTest {
    private static double decibel(float[] samples) {
        double power = 0;
        for (float v : samples) {
            power += (double) v * v / samples.length;
        }
        return 10 * Math.log10(power);
    }

    @ParameterizedTest
    @ValueSource(doubles = {50, 60, 49.9, 60.1, 120.15})
    void aHumAloneIsMeasuredAndLosesThirtyDecibels(double hertz) {
        float[] hum = Sounds.tone(4, hertz, 0.02);
        MainsHum removed = MainsHum.removed(hum);
        assertEquals(decibel(hum), removed.level(), 0.5);
        assertTrue(decibel(removed.samples()) < decibel(hum) - 30, "left: " + decibel(removed.samples()));
    }

    @Test
    void aHarmonicThatBothBasesShareIsRemovedOnce() {
        float[] hum = Sounds.sum(Sounds.tone(4, 50, 0.02), Sounds.tone(4, 300, 0.01));
        assertTrue(decibel(MainsHum.removed(hum).samples()) < decibel(hum) - 30);
    }

    @Test
    void aVoiceStaysUnderTheHum() {
        float[] voice = Sounds.voice(4, t -> 150 + 40 * Math.sin(7 * t) + 20 * Math.sin(2.3 * t + t * t));
        float[] clean = MainsHum.removed(Sounds.sum(voice, Sounds.hum(4, 0.02))).samples();
        float[] difference = new float[voice.length];
        for (int i = 0; i < voice.length; i++) {
            difference[i] = clean[i] - voice[i];
        }
        assertTrue(decibel(difference) < decibel(voice) - 25, "changed by " + decibel(difference));
    }

    @Test
    void aVoiceAloneIsLeftAsItIs() {
        float[] voice = Sounds.voice(4, t -> 120 + 10 * Math.sin(5 * t));
        MainsHum removed = MainsHum.removed(voice);
        assertEquals(Double.NEGATIVE_INFINITY, removed.level());
        assertArrayEquals(voice, removed.samples());
    }

    @Test
    void aShortSoundIsLeftAsItIs() {
        float[] hum = Sounds.hum(0.9, 0.1);
        assertSame(hum, MainsHum.removed(hum).samples());
    }
}
