package io.migr.evaluation.measure;

import static io.migr.evaluation.measure.Clips.claims;
import static io.migr.evaluation.measure.Clips.clip;
import static io.migr.evaluation.measure.Clips.named;
import static io.migr.evaluation.measure.Clips.sure;
import static io.migr.evaluation.measure.Clips.told;
import static io.migr.evaluation.measure.Clips.truth;
import static io.migr.evaluation.measure.Clips.weighed;
import static io.migr.model.Emotion.ANGRY;
import static io.migr.model.Emotion.CONTEMPT;
import static io.migr.model.Emotion.HAPPY;
import static io.migr.model.Emotion.NEUTRAL;
import static io.migr.model.Emotion.SAD;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.migr.evaluation.readers.Statement;
import io.migr.model.Dominance;
import io.migr.model.Modality;
import io.migr.model.ModalityImportance.Estimator;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Every metric against numbers worked by hand. */
final class MetricTest {
    private static final double EXACT = 1e-12;

    private static double value(Metric metric, Outcome... clips) {
        return metric.of(List.of(clips), Perspective.SERVED);
    }

    @Test
    void recognitionCountsPredictions() {
        // happy: 2 of 3 right, sad: 1 of 1, angry: 0 of 1
        Outcome[] five = {
            clip(HAPPY, HAPPY),
            clip(HAPPY, HAPPY),
            truth(clip(HAPPY, SAD), SAD, Dominance.AUDIO),
            clip(SAD, SAD),
            clip(ANGRY, HAPPY)
        };
        assertEquals(3 / 5.0, value(Metric.WAR, five), EXACT);
        assertEquals((2 / 3.0 + 1 + 0) / 3, value(Metric.UAR, five), EXACT);
        assertEquals(4 / 5.0, value(Metric.BAYES, five), EXACT);
        assertEquals(0.75, value(Metric.SHARE, five), EXACT);
    }

    @Test
    void aLabelThatTheModelCannotPredictHasARecallOfZero() {
        assertEquals(0.5, value(Metric.UAR, clip(HAPPY, HAPPY), clip(HAPPY, HAPPY), clip(CONTEMPT, ANGRY)), EXACT);
    }

    @Test
    void theAnswerIsScoredSeparatelyFromTheServedPrediction() {
        Outcome disagreeing = told(clip(HAPPY, HAPPY, SAD), SAD, Modality.VISUAL, true, 10);
        Outcome agreeing = clip(SAD, SAD, SAD);
        List<Outcome> both = List.of(disagreeing, agreeing);
        assertEquals(1, Metric.WAR.of(both, Perspective.SERVED), EXACT);
        assertEquals(0.5, Metric.WAR.of(both, Perspective.ANSWERED), EXACT);
        assertEquals(0.5, Metric.ANSWER.of(both, Perspective.SERVED), EXACT);
        // served correctly while the text asserts sad: inconsistent; answered sad and asserts sad: consistent, but
        // wrong
        assertEquals(0.5, Metric.IR.of(both, Perspective.SERVED), EXACT);
        assertEquals(0, Metric.IR.of(both, Perspective.ANSWERED), EXACT);
        assertEquals(0.5, Metric.CONSISTENT.of(both, Perspective.SERVED), EXACT);
        assertEquals(1, Metric.CONSISTENT.of(both, Perspective.ANSWERED), EXACT);
    }

    /**
     * Label, prediction, assertions in order; the last one is that of the weighing block.
     *
     * <pre>
     *            p = g   think   whole   first   other asserted
     * 1 h h hhh    x       h       h       h
     * 2 h h shh    x       h       h       s          x
     * 3 h h ssh    x       h       s       s          x
     * 4 h h s      x       s       s       s          x
     * 5 h h -      x       -       -       -
     * 6 s h hh             h       h       h          x
     * 7 s h sss            s       s       s
     * </pre>
     */
    private static final Outcome[] SEVEN = {
        clip(HAPPY, HAPPY, HAPPY, HAPPY, HAPPY),
        clip(HAPPY, HAPPY, SAD, HAPPY, HAPPY),
        clip(HAPPY, HAPPY, SAD, SAD, HAPPY),
        clip(HAPPY, HAPPY, SAD),
        clip(HAPPY, HAPPY),
        clip(SAD, HAPPY, HAPPY, HAPPY),
        clip(SAD, HAPPY, SAD, SAD, SAD)
    };

    @Test
    void faithfulnessOfTheWeighingBlock() {
        assertEquals(4 / 7.0, value(Metric.EEA, SEVEN), EXACT); // 1 2 3 7
        assertEquals(4 / 7.0, value(Metric.CONSISTENT, SEVEN), EXACT); // 1 2 3 6
        assertEquals(3 / 7.0, value(Metric.FCR, SEVEN), EXACT); // 1 2 3
        assertEquals(2 / 5.0, value(Metric.IR, SEVEN), EXACT); // 4 5 of 1..5
        assertEquals(2 / 7.0, value(Metric.IR_ALL, SEVEN), EXACT);
        // right/right over right is one minus the inconsistency
        assertEquals(1 - value(Metric.IR, SEVEN), value(Metric.FCR, SEVEN) / value(Metric.WAR, SEVEN), EXACT);
    }

    @Test
    void faithfulnessOfAllBlocksTogether() {
        assertEquals(3 / 7.0, value(Metric.EEA_CONCAT, SEVEN), EXACT); // 1 2 7
        assertEquals(3 / 7.0, value(Metric.CONSISTENT_CONCAT, SEVEN), EXACT); // 1 2 6
        assertEquals(2 / 7.0, value(Metric.FCR_CONCAT, SEVEN), EXACT); // 1 2
        assertEquals(3 / 5.0, value(Metric.IR_CONCAT, SEVEN), EXACT); // 3 4 5
        assertEquals(3 / 7.0, value(Metric.IR_CONCAT_ALL, SEVEN), EXACT);
    }

    @Test
    void firstAssertionAndContradiction() {
        assertEquals(4 / 5.0, value(Metric.FIRST_IR, SEVEN), EXACT); // 2 3 4 5
        assertEquals(4 / 7.0, value(Metric.FIRST_IR_ALL, SEVEN), EXACT);
        assertEquals(3 / 5.0, value(Metric.CONTRADICTION, SEVEN), EXACT); // 2 3 4; 5 asserts nothing
        assertEquals(3 / 7.0, value(Metric.CONTRADICTION_ALL, SEVEN), EXACT);
    }

    @Test
    void aReaderOfWholeTextsHasNoMetricsOfParts() {
        Outcome clip = clip(HAPPY, HAPPY, HAPPY);
        Outcome.Told t = clip.told();
        Outcome judged = new Outcome(
                "clip",
                "a",
                new Outcome.Truth(HAPPY, HAPPY, Dominance.VISUAL, Map.of("cues", HAPPY)),
                clip.prediction(),
                new Outcome.Told(
                        t.text(),
                        t.answer(),
                        t.first(),
                        true,
                        9,
                        Map.of("cues", new Statement(null, SAD, null)),
                        null));
        Perspective cues = new Perspective(Perspective.Source.SERVED, "cues");
        assertEquals(1, Metric.IR_CONCAT.of(List.of(judged), cues), EXACT);
        assertEquals(0, Metric.REFERENCE_IR.of(List.of(judged), cues), EXACT);
        assertTrue(
                Double.isNaN(Metric.REFERENCE_IR.of(List.of(judged), Perspective.SERVED)), "assertions have no floor");
        assertTrue(Double.isNaN(Metric.IR.of(List.of(judged), cues)));
        assertTrue(Double.isNaN(Metric.CONTRADICTION.of(List.of(judged), cues)));
        assertTrue(
                Double.isNaN(Metric.IR_CONCAT.of(List.of(judged), Perspective.SERVED)),
                "no reader of that name read it");
    }

    @Test
    void textOutsideTheGrammarIsWrongForBothViews() {
        Outcome unreadable = new Outcome(
                "clip",
                "a",
                clip(HAPPY, HAPPY).truth(),
                clip(HAPPY, HAPPY).prediction(),
                new Outcome.Told("not an explanation", null, null, false, 192, Map.of(), null));
        List<Outcome> two = List.of(unreadable, clip(HAPPY, HAPPY, HAPPY));
        assertEquals(0.5, Metric.WAR.of(two, Perspective.ANSWERED), EXACT);
        assertEquals(0.5, Metric.CONSISTENT.of(two, Perspective.ANSWERED), EXACT);
        assertEquals(0, Metric.IR.of(two, Perspective.ANSWERED), EXACT);
        assertEquals(0.5, Metric.IR.of(two, Perspective.SERVED), EXACT);
        assertEquals(0.5, Metric.FORMAT.of(two, Perspective.SERVED), EXACT);
        assertEquals(0.5, Metric.ORDER.of(two, Perspective.SERVED), EXACT);
    }

    @Test
    void orderAndImportanceIgnoreBalancedClips() {
        Outcome[] four = {
            weighed(truth(clip(HAPPY, HAPPY), HAPPY, Dominance.VISUAL), 0.9, Dominance.VISUAL),
            // balanced by the estimate, truly led by the voice, and the text starts with the face
            weighed(truth(clip(HAPPY, HAPPY), HAPPY, Dominance.AUDIO), 0.5, Dominance.BALANCED),
            weighed(
                    told(truth(clip(SAD, SAD), SAD, Dominance.AUDIO), SAD, Modality.AUDIO, true, 20),
                    0.2,
                    Dominance.AUDIO),
            weighed(truth(clip(SAD, SAD), SAD, Dominance.BALANCED), 0.9, Dominance.VISUAL)
        };
        assertEquals(2 / 3.0, value(Metric.ORDER, four), EXACT);
        assertEquals(2 / 3.0, value(Metric.IMPORTANCE, four), EXACT);
        assertEquals(1, value(Metric.IMPORTANCE_AUROC, four), EXACT);
        // bins: 0.9 -> 1, 0.5 -> 0, 0.2 -> 0
        assertEquals((0.1 + 0.5 + 0.2) / 3, value(Metric.IMPORTANCE_ECE, four), EXACT);
        assertTrue(Double.isNaN(value(Metric.PREFILL_AUROC, four)), "not estimated");
        assertEquals(12.5, value(Metric.TOKENS, four), EXACT);
    }

    @Test
    void calibrationComparesPredictedAndObserved() {
        // bin .6-.7: predicted .62 and .66, one of two right; bin .9-1: predicted 1, right
        Outcome[] three = {sure(clip(HAPPY, HAPPY), 0.62), sure(clip(SAD, HAPPY), 0.66), sure(clip(NEUTRAL, NEUTRAL), 1)
        };
        assertEquals(2 / 3.0 * Math.abs(0.5 - 0.64) + 0, value(Metric.ECE, three), EXACT);
        assertTrue(Double.isNaN(value(Metric.ECE, clip(HAPPY, HAPPY))), "no probabilities were given");
    }

    @Test
    void assertedClipsAndTheirAccuracyAreCounted() {
        Outcome[] four = {
            sure(clip(HAPPY, HAPPY), 0.67),
            sure(clip(SAD, HAPPY), 0.9),
            sure(clip(NEUTRAL, NEUTRAL), 0.66),
            clip(HAPPY, HAPPY)
        };
        assertEquals(2 / 3.0, value(Metric.ASSERTED, four), EXACT);
        assertEquals(0.5, value(Metric.ASSERTED_WAR, four), EXACT);
    }

    @Test
    void claimsAreCountedOverClips() {
        Outcome[] two = {
            claims(
                    clip(HAPPY, HAPPY),
                    List.of("AU12", "AU6", "LAUGH"),
                    List.of("AU12", "LAUGH"),
                    List.of("AU12", "AU25")),
            claims(clip(SAD, SAD), List.of("AU12"), List.of(), List.of("SOB"))
        };
        assertEquals(2 / 4.0, value(Metric.CUE_PRECISION, two), EXACT);
        assertEquals(1 / 3.0, value(Metric.CUE_RECALL, two), EXACT);
        assertEquals(2 / 4.0, value(Metric.HALLUCINATED, two), EXACT);
        assertEquals(2, value(Metric.CLAIMS, two), EXACT);
        CueTable table = CueTable.detailed(List.of(two));
        assertEquals(new CueTable.Row(2, 1, 1, 1), table.perCue().get("AU12"));
        assertEquals(new CueTable.Row(0, 0, 1, 0), table.perCue().get("SOB"));
        assertEquals(new CueTable.Row(4, 2, 3, 1), table.total());
        assertTrue(Double.isNaN(value(Metric.CUE_PRECISION, clip(HAPPY, HAPPY))), "the truth is unknown");
    }

    @Test
    void slicesAreScoredSeparately() {
        List<Outcome> three = List.of(
                named(clip(HAPPY, HAPPY), "1", "b"),
                named(clip(SAD, HAPPY), "2", "a"),
                named(clip(SAD, SAD), "3", "a"));
        Map<String, Scores> slices = Scores.perSlice(three);
        assertEquals(List.of("a", "b"), List.copyOf(slices.keySet()));
        assertEquals(0.5, slices.get("a").get(Metric.WAR), EXACT);
        assertEquals(2, slices.get("a").clips());
        assertEquals(1, slices.get("b").get(Metric.WAR), EXACT);
    }

    @Test
    void noClipsGiveNoNumber() {
        for (Metric metric : Metric.values()) {
            assertTrue(Double.isNaN(metric.of(List.of(), Perspective.SERVED)), metric.key());
        }
    }

    @Test
    void confusionHasARowForEachLabelAndAColumnForNoAnswer() {
        Outcome none = told(clip(SAD, SAD), null, null, false, 3);
        Confusion confusion = Confusion.of(List.of(clip(HAPPY, HAPPY), clip(HAPPY, ANGRY), none), Perspective.ANSWERED);
        assertEquals(List.of(HAPPY, SAD), confusion.labels());
        assertEquals(List.of(HAPPY, SAD, ANGRY), confusion.predictions());
        assertEquals(0.5, confusion.share(0, 2), EXACT);
        assertEquals(1, confusion.counts()[1][3]);
    }

    @Test
    void rankingGivesHalfToTies() {
        double[] scores = {0.1, 0.4, 0.4, 0.8};
        // pairs: .4 > .1, .4 = .4, .8 > both
        assertEquals(3.5 / 4, Ranking.auroc(scores, new boolean[] {false, true, false, true}), EXACT);
        assertEquals(0.5, Ranking.auroc(new double[] {1, 1}, new boolean[] {true, false}), EXACT);
        assertTrue(Double.isNaN(Ranking.auroc(scores, new boolean[4])));
    }

    @Test
    void anEstimatorWithoutEstimatesHasNoImportance() {
        for (Estimator estimator : Estimator.values()) {
            assertTrue(Double.isNaN(Rates.importance(List.of(clip(HAPPY, HAPPY)), estimator)));
        }
    }
}
