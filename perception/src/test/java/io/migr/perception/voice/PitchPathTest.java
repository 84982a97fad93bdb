package io.migr.perception.voice;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Signals of known fundamental frequency. A frame is wrong if it is more than 20 % off or called unvoiced. */
class PitchPathTest {
    private static final Nets NETS = new Nets();
    private static final double SECONDS = 4;
    /** A melody between 85 and 340 Hz, once in 0.8 s, a little higher each time. */
    private static final DoubleUnaryOperator SPEECH =
            t -> 170 * Math.pow(2, 0.7 * Math.sin(2 * Math.PI * t / 0.8) + 0.3 * (t / SECONDS - 0.5));

    @AfterAll
    static void close() {
        NETS.close();
    }

    private static double wrong(float[] sound, DoubleUnaryOperator hertz) {
        PitchPath path = NETS.pitch(sound);
        int wrong = 0;
        for (int w = 0; w < path.hertz().length; w++) {
            double truth = hertz.applyAsDouble(0.02 + 0.01 * w);
            wrong += Math.abs(path.hertz()[w] / truth - 1) > 0.2 ? 1 : 0;
        }
        return wrong / (double) path.hertz().length;
    }

    @Test
    void plainVoice() {
        double wrong = wrong(Sounds.voice(SECONDS, SPEECH), SPEECH);
        assertTrue(wrong <= 0.01, "wrong: " + wrong);
    }

    @Test
    void humAt15DecibelsBelow() {
        float[] sound = Sounds.sum(Sounds.voice(SECONDS, SPEECH), Sounds.hum(SECONDS, 0.1 * Math.pow(10, -15 / 20.0)));
        double wrong = wrong(sound, SPEECH);
        assertTrue(wrong <= 0.05, "wrong: " + wrong);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void noiseAt10DecibelsBelow(long seed) {
        float[] sound =
                Sounds.sum(Sounds.voice(SECONDS, SPEECH), Sounds.noise(SECONDS, 0.1 * Math.pow(10, -10 / 20.0), seed));
        double wrong = wrong(sound, SPEECH);
        assertTrue(wrong <= 0.02, "wrong: " + wrong);
    }

    @Test
    void aJumpTo800Hertz() {
        DoubleUnaryOperator jump = t -> t < 2 ? 200 : 800;
        double wrong = wrong(Sounds.voice(SECONDS, jump), jump);
        assertTrue(wrong <= 0.02, "wrong: " + wrong);
    }

    @Test
    void aVoice40DecibelsBelowTheShoutBeforeIt() {
        float[] sound = Sounds.voice(SECONDS, SPEECH);
        int second = VoicePerception.SAMPLE_RATE;
        for (int i = second; i < sound.length; i++) {
            sound[i] *= i < 1.5 * second ? 0 : 0.01f;
        }
        PitchPath path = NETS.pitch(Sounds.sum(sound, Sounds.noise(SECONDS, 1e-4, 4)));
        int from = 155;
        int wrong = 0;
        for (int w = from; w < path.hertz().length; w++) {
            wrong += Math.abs(path.hertz()[w] / SPEECH.applyAsDouble(0.02 + 0.01 * w) - 1) > 0.2 ? 1 : 0;
        }
        assertTrue(wrong <= 0.02 * (path.hertz().length - from), "wrong frames: " + wrong);
    }

    @ParameterizedTest
    @ValueSource(doubles = {65, 110, 220, 440, 880, 1150})
    void aSteadyVoiceWithinAFifthOfASemitone(double hertz) {
        PitchPath path = NETS.pitch(Sounds.voice(1, t -> hertz));
        double middle = path.hertz()[path.hertz().length / 2];
        assertEquals(0, 12 * Math.log(middle / hertz) / Math.log(2), 0.2);
    }

    @Test
    void noiseIsMostlyUnvoiced() {
        PitchPath path = NETS.pitch(Sounds.noise(SECONDS, 0.1, 5));
        long voiced =
                java.util.Arrays.stream(path.strength()).filter(r -> r >= 0.6).count();
        assertTrue(voiced <= 0.02 * path.hertz().length, "voiced frames: " + voiced);
    }
}
