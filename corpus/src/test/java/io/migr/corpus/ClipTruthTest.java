package io.migr.corpus;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.migr.corpus.text.Rationale;
import io.migr.model.Dominance;
import io.migr.model.Emotion;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class ClipTruthTest {
    private static final List<ClipTruth> CLIPS = IntStream.range(0, Split.TEST.size())
            .mapToObj(i -> ClipTruth.of(Split.TEST.seed(i)))
            .toList();

    @Test
    void aClipIsAFunctionOfItsSeed() {
        ClipTruth again = ClipTruth.of(CLIPS.get(5).seed());
        assertEquals(CLIPS.get(5).label(), again.label());
        assertArrayEquals(CLIPS.get(5).intensities(), again.intensities());
        assertEquals(Split.TEST, Split.of(CLIPS.get(5).seed()));
    }

    @Test
    void noTwoClipsShareTheirDraws() {
        List<List<Double>> voices = CLIPS.stream()
                .filter(clip -> clip.voice() != null)
                .map(clip -> Arrays.stream(clip.voiceDeviations()).boxed().toList())
                .toList();
        assertEquals(voices.size(), new HashSet<>(voices).size());
    }

    @ParameterizedTest
    @EnumSource(Regime.class)
    void everyRegimeHasItsShareAndKeepsItsRule(Regime regime) {
        List<ClipTruth> members =
                CLIPS.stream().filter(clip -> clip.regime() == regime).toList();
        assertEquals(regime.share(), members.size() / (double) CLIPS.size(), 0.02);
        for (ClipTruth clip : members) {
            assertEquals(regime == Regime.FACE_HIDDEN, clip.units() == null);
            assertEquals(regime == Regime.SPEECHLESS, clip.voice() == null);
            Posterior face = clip.faceAlone();
            Posterior voice = clip.voiceAlone();
            switch (regime) {
                case VISUAL_DOMINANT -> {
                    assertTrue(face.of(clip.genuine()) >= 0.8 && voice.peak() <= 0.5);
                    assertEquals(Dominance.VISUAL, clip.oracle());
                }
                case AUDIO_DOMINANT -> {
                    assertTrue(voice.of(clip.genuine()) >= 0.8 && face.peak() <= 0.5);
                    assertEquals(Dominance.AUDIO, clip.oracle());
                }
                case BALANCED -> assertEquals(Dominance.BALANCED, clip.oracle());
                case SPEECHLESS -> assertTrue(face.of(clip.genuine()) >= 0.8);
                case FACE_HIDDEN -> assertTrue(voice.of(clip.genuine()) >= 0.8);
                case CONFLICTING ->
                    assertTrue(face.best() != voice.best() || clip.oracle() == Dominance.AUDIO, clip.toString());
            }
        }
    }

    @Test
    void labelsAreEvenAndFivePercentOfSurpriseAndFearAreSwapped() {
        for (Emotion label : Emotion.DFEW) {
            long count = CLIPS.stream().filter(clip -> clip.genuine() == label).count();
            assertEquals(1.0 / 7, count / (double) CLIPS.size(), 0.03, label.word());
        }
        List<ClipTruth> noisy = CLIPS.stream()
                .filter(clip -> clip.genuine() == Emotion.FEAR || clip.genuine() == Emotion.SURPRISE)
                .toList();
        long swapped =
                noisy.stream().filter(clip -> clip.label() != clip.genuine()).count();
        assertEquals(0.05, swapped / (double) noisy.size(), 0.02);
    }

    @Test
    void theBestGuessFromTrueCuesIsGoodAndBeatsEitherModalityAlone() {
        GenerativeModel model = new GenerativeModel();
        double both = accuracy(clip -> model.posterior(clip).best());
        double face = accuracy(clip ->
                clip.units() == null ? Emotion.NEUTRAL : clip.faceAlone().best());
        double voice = accuracy(clip ->
                clip.voice() == null ? Emotion.NEUTRAL : clip.voiceAlone().best());
        System.out.printf("best guess %.3f, face alone %.3f, voice alone %.3f%n", both, face, voice);
        assertTrue(both > 0.9 && both < 0.995, "best guess " + both);
        assertTrue(both > face + 0.15 && both > voice + 0.15);
    }

    @Test
    void aMeasuredClipCanBeDescribed() {
        double[] face = new double[DrawnFaceCues.UNITS.length];
        face[5] = 0.9; // AU 7
        face[8] = 0.8; // AU 12
        face[0] = 0.1; // too little to count
        double[] voice = new double[DrawnVoiceCues.Dimension.values().length];
        voice[0] = 1.5; // pitch
        CueAnnotation clip = CueAnnotation.measured(7, Emotion.HAPPY, face, voice, 1, Dominance.AUDIO);
        assertEquals(ClipAnnotation.Source.MEASURED, clip.source());
        assertEquals(Dominance.AUDIO, clip.leads());
        assertEquals(
                2, IntStream.range(0, face.length).filter(i -> clip.units()[i]).count());
        String text = Rationale.SHIPPED.write(clip, new SplittableRandom(1));
        assertTrue(text.startsWith("<aud_desc>"), text);
        assertTrue(text.contains("<answer>happy</answer>") || text.contains("<answer> happy </answer>"), text);
        CueAnnotation hidden = CueAnnotation.measured(8, Emotion.SAD, null, voice, 0, Dominance.AUDIO);
        assertNull(hidden.units());
        assertTrue(Rationale.SHIPPED.write(hidden, new SplittableRandom(1)).contains("sad"));
        assertThrows(
                IllegalArgumentException.class,
                () -> CueAnnotation.measured(9, Emotion.SAD, null, null, 0, Dominance.BALANCED));
        assertThrows(
                IllegalArgumentException.class,
                () -> CueAnnotation.measured(9, Emotion.SAD, new double[3], voice, 0, Dominance.BALANCED));
    }

    @Test
    void theBestOrderWithoutTheLabelBeatsLeadingWithTheMoreConfidentModality() {
        GenerativeModel model = new GenerativeModel();
        double best = order(model::leads);
        double surer = order(clip -> clip.voice() == null
                        || clip.units() != null
                                && clip.faceAlone().peak() >= clip.voiceAlone().peak()
                ? Dominance.VISUAL
                : Dominance.AUDIO);
        // the true cues and the rules of the regimes together nearly always determine the regime
        assertTrue(best > 0.99, "best order " + best);
        assertTrue(best > surer, "best " + best + ", surer " + surer);
    }

    private static double order(java.util.function.Function<ClipTruth, Dominance> guess) {
        return CLIPS.stream()
                .filter(clip -> clip.oracle() != Dominance.BALANCED)
                .mapToDouble(clip -> guess.apply(clip) == clip.oracle() ? 1 : 0)
                .average()
                .orElseThrow();
    }

    private static double accuracy(java.util.function.Function<ClipTruth, Emotion> guess) {
        return CLIPS.stream()
                .mapToDouble(clip -> guess.apply(clip) == clip.label() ? 1 : 0)
                .average()
                .orElseThrow();
    }
}
