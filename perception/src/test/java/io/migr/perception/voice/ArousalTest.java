package io.migr.perception.voice;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.migr.perception.voice.Arousal.Level;
import io.migr.schemas.AvroSafety;
import io.migr.schemas.SpeechSpan;
import io.migr.schemas.VoiceCues;
import io.migr.schemas.VoiceMeasure;
import io.migr.schemas.VoicedEvent;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ArousalTest {
    static {
        AvroSafety.set();
    }

    private static VoiceMeasure measure(double value) {
        return VoiceMeasure.newBuilder().setValue((float) value).build();
    }

    /** A clip with so many milliseconds of speech, in which all cues are so many deviations above a person's usual. */
    private static VoiceCues clip(int speechMs, double deviations) {
        return VoiceCues.newBuilder()
                .setMeasuredBy("test")
                .setDurationMs(4000)
                .setVoiceActivity(speechMs / 4000f)
                .setSpeech(List.of(new SpeechSpan(0, speechMs)))
                .setEvents(List.of())
                .setHalfSeconds(List.of())
                .setLevel(measure(-25 + 3.3 * deviations))
                .setF0Median(measure(8 + 4.6 * deviations))
                .setF0Percentile95(measure(13 + 4.0 * deviations))
                .setF0Range(measure(10 + 5.1 * deviations))
                .setFlux(measure(0.4 + 0.08 * deviations))
                .setHammarberg(measure(27 - 5.3 * deviations))
                .setCpp(measure(18 + 2.1 * deviations))
                .setAlphaRatio(measure(-16 + 5.7 * deviations))
                .build();
    }

    private static VoiceBaseline settled() {
        return VoiceBaseline.of(Collections.nCopies(40, clip(3000, 0)));
    }

    @Test
    void nothingIsToldWithoutABaseline() {
        assertEquals(Level.CANNOT_TELL, Arousal.of(clip(3000, 3), null).level());
        assertEquals(
                Level.CANNOT_TELL,
                Arousal.of(clip(3000, 3), VoiceBaseline.of(List.of())).level());
        assertTrue(Double.isNaN(Arousal.of(clip(3000, 3), null).raised()));
    }

    @Test
    void nothingIsToldOfLessThanASecondOfSpeech() {
        assertEquals(Level.CANNOT_TELL, Arousal.of(clip(990, 3), settled()).level());
    }

    @Test
    void raisedUsualAndLoweredAgainstThePersonsUsual() {
        assertEquals(
                new Arousal(Level.USUAL, 0.5).level(),
                Arousal.of(clip(3000, 0), settled()).level());
        assertEquals(Level.RAISED, Arousal.of(clip(3000, 1), settled()).level());
        assertEquals(Level.LOWERED, Arousal.of(clip(3000, -1), settled()).level());
        assertEquals(Level.CANNOT_TELL, Arousal.of(clip(3000, 0.3), settled()).level());
    }

    @Test
    void theProbabilityIsTheLogisticOfTheWeightedDifferences() {
        VoiceCues higher =
                VoiceCues.newBuilder(clip(3000, 0)).setFlux(measure(0.48)).build();
        // 40 clips leave a trace of the population in the baseline
        assertEquals(1 / (1 + Math.exp(-0.34)), Arousal.of(higher, settled()).raised(), 1e-3);
    }

    @Test
    void itIsNeverSurerThanFourInFive() {
        assertEquals(0.8, Arousal.of(clip(3000, 10), settled()).raised());
        assertEquals(0.2, Arousal.of(clip(3000, -10), settled()).raised(), 1e-12);
    }

    @Test
    void theLevelDoesNotCountBefore11SecondsOfSpeech() {
        VoiceCues louder =
                VoiceCues.newBuilder(clip(3000, 0)).setLevel(measure(-5)).build();
        VoiceBaseline early = VoiceBaseline.of(Collections.nCopies(3, clip(3000, 0)));
        VoiceBaseline useful = VoiceBaseline.of(Collections.nCopies(4, clip(3000, 0)));
        assertTrue(Arousal.of(louder, early).raised() < 0.55);
        assertTrue(Arousal.of(louder, useful).raised() > 0.7);
    }

    @Test
    void aFewClipsAreShrunkToThePopulation() {
        VoiceBaseline baseline = VoiceBaseline.of(Collections.nCopies(2, clip(3000, -1)));
        double own = 2 / (1.9 * 1.9);
        double people = 1 / (4.3 * 4.3);
        double usual = (own * 3.4 + people * 10.8) / (own + people);
        assertEquals(usual, baseline.usual(ArousalCue.F0_MEDIAN), 1e-5);
        double uncertain = 1 / (own + people);
        assertEquals(
                (9 - usual) * 1.9 / Math.sqrt(1.9 * 1.9 + uncertain),
                baseline.difference(ArousalCue.F0_MEDIAN, 9),
                1e-5);
    }

    @Test
    void theBaselineIsTheMedianOfTheLast45UsableClips() {
        VoiceCues event = VoiceCues.newBuilder(clip(3000, 9))
                .setEvents(List.of(new VoicedEvent(0, 500, 40f, 20f, 0f)))
                .build();
        List<VoiceCues> history = new java.util.ArrayList<>(Collections.nCopies(60, clip(3000, 5)));
        history.addAll(Collections.nCopies(45, clip(2000, 0)));
        history.addAll(Collections.nCopies(30, event));
        history.addAll(Collections.nCopies(30, clip(999, 9)));
        VoiceBaseline baseline = VoiceBaseline.of(history);
        assertEquals(45, baseline.clips());
        assertEquals(90, baseline.speechSeconds(), 1e-9);
        assertEquals(-25, baseline.usual(ArousalCue.LEVEL), 1e-6);
    }

    @Test
    void aCueThatOneOfTheTwoLacksCountsAsUsual() {
        VoiceCues noisy = VoiceCues.newBuilder(clip(3000, 0))
                .setCpp(null)
                .setHammarberg(null)
                .setAlphaRatio(null)
                .build();
        assertEquals(
                Arousal.of(clip(3000, 0), settled()).raised(),
                Arousal.of(noisy, settled()).raised(),
                0.02);
    }

    private static VoiceCues at(double floor, double deviations) {
        return VoiceCues.newBuilder(clip(3000, deviations))
                .setNoiseFloor((float) floor)
                .build();
    }

    @Test
    void clipsUnderAnotherNoiseFloorDoNotCount() {
        List<VoiceCues> history = List.of(at(-70, 2), at(-60, 0), at(-59, 0), at(-40, 3), at(-50, 0));
        VoiceBaseline baseline = VoiceBaseline.of(history);
        assertEquals(4, baseline.clips(), "-70 is 20 dB from the last clip's floor");
        var numbers = history.stream()
                .map(VoiceBaseline::numbers)
                .map(Optional::orElseThrow)
                .toList();
        assertEquals(1, VoiceBaseline.of(numbers, -30f).clips());
        assertEquals(0, VoiceBaseline.of(numbers, -29f).clips());
        assertEquals(2, VoiceBaseline.of(numbers.subList(0, 2), null).clips());
    }

    /** Values -1, 0, 1 and 5 deviations of 4.6 semitones: the median is half of one, the distances 0.5, 0.5, 1.5, 4.5. */
    @Test
    void aBaselineSurvivesItsRecord() {
        VoiceBaseline baseline = VoiceBaseline.of(List.of(clip(3000, -1), clip(2000, 0), clip(1000, 1), clip(4000, 5)));
        assertEquals(8 + 0.5 * 4.6, baseline.medians().get(ArousalCue.F0_MEDIAN), 1e-5);
        assertEquals(4.6, baseline.deviations().get(ArousalCue.F0_MEDIAN), 1e-5);
        assertEquals(10, baseline.speechSeconds());
        VoiceBaseline read = VoiceBaseline.of(baseline.toRecord());
        assertEquals(baseline.toRecord(), read.toRecord());
        assertEquals(
                Arousal.of(clip(3000, 1), baseline).raised(),
                Arousal.of(clip(3000, 1), read).raised(),
                1e-6);
    }

    @Test
    void samenessNeedsElevenSecondsOfOwnSpeech() {
        VoiceCues same = clip(4000, 0);
        assertEquals(
                Arousal.Level.CANNOT_TELL,
                Arousal.of(same, VoiceBaseline.of(List.of(same, same))).level());
        assertEquals(
                Arousal.Level.USUAL,
                Arousal.of(same, VoiceBaseline.of(List.of(same, same, same))).level());
    }
}
