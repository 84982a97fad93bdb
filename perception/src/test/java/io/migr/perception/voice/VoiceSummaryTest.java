package io.migr.perception.voice;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.migr.perception.voice.FrameMeter.Spectra;
import io.migr.schemas.SpeechSpan;
import io.migr.schemas.VoiceCues;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Frames made by hand: 400 of them, noise at -60 dB, speech at -20 dB where a test says so. */
class VoiceSummaryTest {
    private static final int FRAMES = 400;
    private final boolean[] speech = new boolean[FRAMES];
    private final double[] level = filled(-60);
    private final double[] hertz = filled(0);
    private final double[] strength = filled(0);
    private final double[] alpha = filled(-15);

    private static double[] filled(double value) {
        double[] values = new double[FRAMES];
        Arrays.fill(values, value);
        return values;
    }

    private void speak(int from, int to) {
        Arrays.fill(speech, from, to, true);
        Arrays.fill(level, from, to, -20);
        Arrays.fill(hertz, from, to, 200);
        Arrays.fill(strength, from, to, 0.9);
    }

    private VoiceCues cues(double clippedShare) {
        Spectra spectra = new Spectra(level, alpha, filled(25), filled(18), filled(0.4));
        VoiceFrames frames = VoiceFrames.of(speech, new PitchPath(hertz, strength), spectra);
        return new VoiceSummary(frames, false, clippedShare)
                .fill(VoiceCues.newBuilder()
                        .setMeasuredBy("test")
                        .setDurationMs(4030)
                        .setVoiceActivity(0))
                .build();
    }

    @Test
    void pausesAreGapsOf200Milliseconds() {
        speak(50, 100);
        speak(119, 150);
        speak(170, 250);
        VoiceCues cues = cues(0);
        assertEquals(
                List.of(new SpeechSpan(515, 1015), new SpeechSpan(1205, 1515), new SpeechSpan(1715, 2515)),
                cues.getSpeech());
        // 20 frames of 200; the gap of 19 frames is none
        assertEquals(0.1, cues.getPauseShare().getValue(), 1e-6);
        assertEquals(161 / 400.0, cues.getVoiceActivity(), 1e-6);
        assertEquals(1610, cues.getVoicedMs());
    }

    @Test
    void levelIsThatOfTheSpeechWithoutTheNoise() {
        speak(50, 150);
        assertEquals(-60, cues(0).getNoiseFloor(), 1e-4);
        assertEquals(10 * Math.log10(1e-2 - 1e-6), cues(0).getLevel().getValue(), 1e-4);
    }

    @Test
    void qualityIsTheMeanOverVoicedSpeech() {
        speak(50, 150);
        VoiceCues cues = cues(0);
        assertEquals(10 * Math.log10(9), cues.getHnr().getValue(), 1e-4);
        assertEquals(18, cues.getCpp().getValue(), 1e-4);
        assertEquals(-15, cues.getAlphaRatio().getValue(), 1e-4);
        assertEquals(25, cues.getHammarberg().getValue(), 1e-4);
        assertEquals(0.4, cues.getFlux().getValue(), 1e-4);
    }

    @Test
    void qualityNeeds20DecibelsOverTheNoiseAndWholePeaks() {
        speak(50, 150);
        assertNull(cues(0.006).getHnr());
        for (int w = 0; w < FRAMES; w++) {
            level[w] = speech[w] ? -41 : -60;
        }
        assertNull(cues(0).getHnr());
    }

    @Test
    void fundamentalFrequencyInSemitonesAbove100Hertz() {
        speak(50, 150);
        for (int w = 50; w < 150; w++) {
            hertz[w] = 100 * Math.pow(2, (w - 50) / 99.0);
        }
        VoiceCues cues = cues(0);
        assertEquals(6, cues.getF0Median().getValue(), 1e-4);
        assertEquals(0.95 * 12, cues.getF0Percentile95().getValue(), 1e-4);
        assertEquals(0.9 * 12, cues.getF0Range().getValue(), 1e-4);
        assertEquals(12 / 0.99, cues.getF0Slope().getValue(), 1e-3);
    }

    @Test
    void aPieceOfContourUnder50MillisecondsIsNotVoiced() {
        speak(50, 150);
        Arrays.fill(hertz, 100, 104, 900);
        assertEquals(960, cues(0).getVoicedMs());
        assertEquals(0, cues(0).getF0Range().getValue(), 1e-4);
    }

    @Test
    void withoutSpeechNothingIsSaidOfIt() {
        VoiceCues cues = cues(0);
        assertNull(cues.getLevel());
        assertNull(cues.getF0Median());
        assertNull(cues.getPauseShare());
        assertNull(cues.getFlux());
    }

    @Test
    void theCourseInHalfSeconds() {
        speak(50, 75);
        VoiceCues cues = cues(0);
        assertEquals(8, cues.getHalfSeconds().size());
        assertEquals(0.5, cues.getHalfSeconds().get(1).getSpeechShare(), 1e-6);
        assertEquals(12, cues.getHalfSeconds().get(1).getF0Median(), 1e-4);
        assertEquals(10 * Math.log10(5000.5), cues.getHalfSeconds().get(1).getLevelOverFloor(), 1e-3);
        assertNull(cues.getHalfSeconds().get(2).getF0Median());
    }

    private int eventsOfACry(double movement) {
        speak(50, 150);
        Arrays.fill(speech, false);
        for (int w = 50; w < 150; w++) {
            hertz[w] = 500 * Math.pow(2, (w % 2) * movement / 12);
        }
        return cues(0).getEvents().size();
    }

    @Test
    void anEventMovesLikeAVoice() {
        assertEquals(0, eventsOfACry(0.01));
        assertEquals(1, eventsOfACry(0.1));
        assertEquals(0, eventsOfACry(0.9));
    }

    @Test
    void anEventIsNotDullerThanAVoice() {
        Arrays.fill(alpha, -24);
        assertEquals(1, eventsOfACry(0.1));
        Arrays.fill(alpha, -26);
        assertEquals(0, eventsOfACry(0.1));
    }
}
