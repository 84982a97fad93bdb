package io.migr.perception.voice;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.migr.schemas.VoiceCues;
import io.migr.schemas.VoicedEvent;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VoicePerceptionTest {
    private static final VoicePerception VOICES = new VoicePerception();
    private static final float[] SPEECH = Sounds.resource("audio1.f32");

    @AfterAll
    static void close() {
        VOICES.close();
    }

    private static float[] times(float[] sound, double factor, double offset) {
        float[] changed = new float[sound.length];
        for (int i = 0; i < sound.length; i++) {
            changed[i] = (float) Math.max(-1, Math.min(1, sound[i] * factor + offset));
        }
        return changed;
    }

    @Test
    void speechIsHeardAndMeasured() {
        VoiceCues cues = VOICES.measure(SPEECH);
        assertEquals("voice-2", cues.getMeasuredBy());
        assertEquals(3008, cues.getDurationMs());
        assertTrue(cues.getVoiceActivity() > 0.9, "activity " + cues.getVoiceActivity());
        assertNotNull(cues.getF0Median());
        assertNotNull(cues.getLevel());
        assertEquals(6, cues.getHalfSeconds().size());
        assertNull(cues.getPossibleLaughter());
    }

    @Test
    void theSameSoundGivesTheSameCues() {
        try (VoicePerception other = new VoicePerception()) {
            VoiceCues first = VOICES.measure(SPEECH);
            VOICES.measure(Sounds.noise(2, 0.1, 9));
            assertEquals(first, VOICES.measure(SPEECH));
            assertEquals(first, other.measure(SPEECH));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 100, 639, 640, 700, 5000})
    void aShortSoundHasFewCues(int samples) {
        VoiceCues cues = VOICES.measure(new float[samples]);
        assertEquals(0, cues.getVoiceActivity());
        assertEquals(List.of(), cues.getSpeech());
        assertNull(cues.getF0Median());
        assertNull(cues.getLevel());
        assertNull(cues.getPauseShare());
        assertEquals(samples < 640, cues.getNoiseFloor() == null);
    }

    @Test
    void silenceAndDirectCurrentHoldNothing() {
        for (float[] sound : List.of(Sounds.silence(4), times(Sounds.silence(4), 1, 0.5))) {
            VoiceCues cues = VOICES.measure(sound);
            assertEquals(List.of(), cues.getSpeech());
            assertEquals(List.of(), cues.getEvents());
            assertEquals(-96f, cues.getNoiseFloor());
            assertTrue(cues.getHalfSeconds().stream().allMatch(half -> half.getVoicedShare() == 0));
        }
    }

    @Test
    void directCurrentDoesNotChangeTheMeasures() {
        VoiceCues plain = VOICES.measure(times(SPEECH, 0.3, 0));
        VoiceCues shifted = VOICES.measure(times(SPEECH, 0.3, 0.2));
        assertEquals(plain.getF0Median().getValue(), shifted.getF0Median().getValue(), 0.1);
        assertEquals(plain.getLevel().getValue(), shifted.getLevel().getValue(), 0.3);
    }

    @Test
    void aLouderMicrophoneChangesTheLevelAlone() {
        VoiceCues quiet = VOICES.measure(times(SPEECH, 0.1, 0));
        VoiceCues loud = VOICES.measure(times(SPEECH, 0.4, 0));
        assertEquals(
                20 * Math.log10(4),
                loud.getLevel().getValue() - quiet.getLevel().getValue(),
                1);
        assertEquals(quiet.getF0Median().getValue(), loud.getF0Median().getValue(), 0.5);
    }

    @Test
    void aClippedVoiceHasNoQuality() {
        float[] sound = Sounds.sequence(Sounds.silence(0.5), SPEECH);
        assertNotNull(VOICES.measure(sound).getHnr());
        VoiceCues clipped = VOICES.measure(times(sound, 8, 0));
        assertTrue(clipped.getClippedShare() > 0.005, "share " + clipped.getClippedShare());
        assertNull(clipped.getHnr());
        assertNull(clipped.getAlphaRatio());
        assertNotNull(clipped.getF0Median());
    }

    @Test
    void aVoiceInNoiseHasNoQuality() {
        float[] sound = Sounds.sequence(Sounds.silence(0.5), SPEECH);
        VoiceCues noisy = VOICES.measure(Sounds.sum(sound, Sounds.noise(4, 0.03, 2)));
        assertNull(noisy.getCpp());
        assertNotNull(noisy.getF0Median());
    }

    @Test
    void humIsRemovedReportedAndLowersTheReliabilityOfF0() {
        VoiceCues plain = VOICES.measure(SPEECH);
        VoiceCues hum = VOICES.measure(Sounds.sum(SPEECH, Sounds.hum(4, 0.02)));
        assertNull(plain.getMainsHum());
        assertEquals(-34, hum.getMainsHum(), 1.5);
        assertTrue(hum.getF0Median().getReliability() < plain.getF0Median().getReliability());
    }

    @Test
    void aScreamIsAnEventWithoutBeingSpeech() {
        float[] scream = Sounds.voice(1.5, t -> 700 - 100 * t + 5 * Math.sin(40 * t));
        VoiceCues cues = VOICES.measure(Sounds.sequence(
                Sounds.noise(1, 1e-4, 1), Sounds.sum(scream, Sounds.noise(1.5, 1e-4, 3)), Sounds.noise(1.5, 1e-4, 2)));
        assertEquals(1, cues.getEvents().size());
        VoicedEvent event = cues.getEvents().get(0);
        assertEquals(1000, event.getStartMs(), 40);
        assertEquals(2500, event.getEndMs(), 40);
        assertEquals(12 * Math.log(6.25) / Math.log(2), event.getF0Median(), 0.5);
        assertEquals(60, event.getLevelOverFloor(), 2);
    }

    @Test
    void aSteadyToneIsNoEvent() {
        assertEquals(
                List.of(),
                VOICES.measure(Sounds.sequence(Sounds.silence(1), Sounds.tone(2, 440, 0.3)))
                        .getEvents());
    }

    @Test
    void whatIsNoSoundIsRefused() {
        for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY, -1e30f}) {
            float[] sound = new float[1000];
            sound[17] = bad;
            String message = assertThrows(IllegalArgumentException.class, () -> VOICES.measure(sound))
                    .getMessage();
            assertEquals("Sample 17 of 1000 is " + bad + ", but full scale is 1. Decode the sound again.", message);
        }
    }
}
