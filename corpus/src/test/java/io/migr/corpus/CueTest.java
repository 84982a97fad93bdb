package io.migr.corpus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.migr.corpus.DrawnVoiceCues.Event;
import io.migr.corpus.DrawnVoiceCues.Voice;
import io.migr.corpus.text.CueReader;
import io.migr.corpus.text.CueReader.Claims;
import io.migr.corpus.text.CueReader.Truthfulness;
import io.migr.corpus.text.Phrases;
import io.migr.corpus.text.Rationale;
import io.migr.model.Block;
import io.migr.model.Dominance;
import io.migr.model.Emotion;
import io.migr.model.Explanation;
import io.migr.model.Explanation.Finish;
import io.migr.model.Modality;
import io.migr.model.ReasoningStep;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Cues: when they are true, their likelihoods, and reading them back from text. */
final class CueTest {

    /** A smile that reaches the eyes, and a high, quiet voice that laughs. */
    private static final ClipTruth HAPPY =
            clip(new int[] {6, 12, 25}, new double[] {0.55, 1, 0.3}, new double[] {1.2, 0.2, 0, -0.9, 0, 0, 0, 0});

    private static ClipTruth clip(int[] shown, double[] strengths, double[] deviations) {
        boolean[] units = new boolean[DrawnFaceCues.UNITS.length];
        double[] intensities = new double[DrawnFaceCues.UNITS.length];
        for (int i = 0; i < shown.length; i++) {
            units[DrawnFaceCues.index(shown[i])] = true;
            intensities[DrawnFaceCues.index(shown[i])] = strengths[i];
        }
        return new ClipTruth(
                7,
                Regime.BALANCED,
                Emotion.HAPPY,
                Emotion.HAPPY,
                units,
                intensities,
                new Voice(deviations, Event.LAUGH),
                Dominance.BALANCED);
    }

    @Test
    void aCueIsTrueWhenTheClipShowsIt() {
        for (String id : List.of("AU6", "AU12", "AU25", "PITCH+", "LEVEL-", "LAUGH")) {
            assertTrue(Cue.of(id).isTrue(HAPPY), id);
        }
        // a deviation of 0.2 is not marked, and a clip that shows something is neither still nor absent
        for (String id : List.of("AU4", "PITCH-", "RANGE+", "SOB", "STILL", "FLAT", "NOFACE", "NOVOICE")) {
            assertFalse(Cue.of(id).isTrue(HAPPY), id);
        }
        assertNull(Cue.of("CONCLUDE"));
    }

    @Test
    void likelihoodsEqualThoseOfTheGenerator() {
        assertEquals(Math.log(0.82), Cue.of("AU12").logLikelihood(Emotion.HAPPY), 1e-12);
        assertEquals(Math.log(0.015), Cue.of("AU12").logLikelihood(Emotion.SAD), 1e-12);
        assertEquals(18 * Math.log(0.97), Cue.of("STILL").logLikelihood(Emotion.NEUTRAL), 1e-9);
        assertEquals(0, Cue.of("NOFACE").logLikelihood(Emotion.FEAR));
        assertEquals(Math.log(0.41), Cue.of("LAUGH").logLikelihood(Emotion.HAPPY), 1e-12);
        // fear's pitch: mean 1.9, spread 0.55; P(z >= (0.7 - 1.9) / 0.55 = -2.1818) = 0.98544
        assertEquals(0.98544, Math.exp(Cue.of("PITCH+").logLikelihood(Emotion.FEAR)), 1e-4);
        assertEquals(0.5, DrawnVoiceCues.tail(0), 1e-9);
        assertEquals(0.0227501, DrawnVoiceCues.tail(2), 1e-6);
    }

    @Test
    void likelihoodsMatchDraws() {
        int draws = 20_000;
        for (Emotion emotion : Emotion.DFEW) {
            SplittableRandom random = new SplittableRandom(3);
            int high = 0;
            int flat = 0;
            for (int i = 0; i < draws; i++) {
                Voice voice = DrawnVoiceCues.draw(emotion, random);
                ClipTruth clip =
                        new ClipTruth(1, Regime.BALANCED, emotion, emotion, null, null, voice, Dominance.AUDIO);
                high += Cue.of("PITCH+").isTrue(clip) ? 1 : 0;
                flat += Cue.of("FLAT").isTrue(clip) ? 1 : 0;
            }
            assertEquals(Math.exp(Cue.of("PITCH+").logLikelihood(emotion)), high / (double) draws, 0.012);
            assertEquals(Math.exp(Cue.of("FLAT").logLikelihood(emotion)), flat / (double) draws, 0.012);
        }
    }

    @Test
    void salientCuesAreTrueAndAtMostFour() {
        for (int i = 0; i < 1_000; i++) {
            ClipTruth clip = ClipTruth.of(Split.SFT.seed(i));
            for (Modality modality : Modality.values()) {
                List<Cue> salient = Cue.salient(clip, modality);
                assertTrue(!salient.isEmpty() && salient.size() <= 4, salient.toString());
                salient.forEach(cue -> assertTrue(cue.isTrue(clip) && cue.modality() == modality, cue.id()));
            }
        }
        // a laugh is always the most salient; AU 12 at full intensity is more informative than 6 at half and 25 at low
        assertEquals("LAUGH", Cue.salient(HAPPY, Modality.AUDIO).get(0).id());
        assertEquals(
                List.of("AU12", "AU6", "AU25"),
                Cue.salient(HAPPY, Modality.VISUAL).stream().map(Cue::id).toList());
    }

    @Test
    void everySentenceOfEveryPoolIsReadBackToItsCue() {
        for (String cue : Phrases.cues()) {
            for (Phrases.Pool pool : Phrases.Pool.values()) {
                for (String sentence : Phrases.sentences(cue, pool)) {
                    assertEquals(cue, CueReader.meaning(sentence.replace("{e}", "sad") + "."), sentence);
                    assertEquals(Cue.of(cue), CueReader.cue(sentence.replace("{e}", "sad") + ", strongly."), sentence);
                }
            }
        }
        assertNull(CueReader.meaning("the lip corners are wrinkled."));
    }

    @Test
    void claimsAreComparedWithTheTruth() {
        Explanation explanation = new Explanation(
                List.of(
                        new ReasoningStep(
                                Block.VISUAL,
                                "the cheeks are raised. both cheeks push up the lower lids, slightly."
                                        + " the brows are drawn together. the face reads as happy.",
                                Emotion.HAPPY),
                        new ReasoningStep(Block.AUDIO, "the pitch is high. the pitch is wrinkled.", null),
                        new ReasoningStep(Block.WEIGHING, "the whole reads as happy.", Emotion.HAPPY)),
                Emotion.HAPPY,
                Finish.STOP,
                "");
        Claims seen = CueReader.claims(explanation).get(0);
        assertEquals(List.of(Cue.of("AU6"), Cue.of("AU4")), seen.cues());
        assertEquals(1, seen.repeated());
        assertEquals(0, seen.unread());
        assertEquals(1, CueReader.claims(explanation).get(1).unread());
        // claimed: AU6, AU4, PITCH+, of which AU4 is false; salient: AU12, AU6, AU25 and LAUGH, PITCH+, LEVEL-
        Truthfulness truth = CueReader.truthfulness(explanation, HAPPY);
        assertEquals(new Truthfulness(3, 2, 6, 2), truth);
        assertEquals(2 / 3.0, truth.precision(), 1e-12);
        assertEquals(2 / 6.0, truth.recall(), 1e-12);
        assertEquals(new Truthfulness(6, 4, 12, 4), truth.plus(truth));
    }

    @Test
    void referenceTextClaimsExactlyWhatIsSalient() {
        Truthfulness all = new Truthfulness(0, 0, 0, 0);
        for (int i = 0; i < 500; i++) {
            ClipTruth clip = ClipTruth.of(Split.TEST.seed(i));
            String text = Rationale.SHIPPED.write(clip, new SplittableRandom(i));
            Explanation explanation = io.migr.model.explain.ExplanationGrammar.parse(text, Emotion.DFEW, Finish.STOP)
                    .orElseThrow();
            all = all.plus(CueReader.truthfulness(explanation, clip));
        }
        assertEquals(1, all.precision());
        assertEquals(1, all.recall());
    }
}
