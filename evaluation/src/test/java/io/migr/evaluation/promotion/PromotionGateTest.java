package io.migr.evaluation.promotion;

import static io.migr.model.Emotion.HAPPY;
import static io.migr.model.Emotion.SAD;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.migr.evaluation.measure.Bootstrap;
import io.migr.evaluation.measure.Metric;
import io.migr.evaluation.measure.Outcome;
import io.migr.evaluation.promotion.PromotionGate.Finding;
import io.migr.evaluation.promotion.PromotionGate.Pair;
import io.migr.evaluation.promotion.PromotionGate.Verdict;
import io.migr.evaluation.readers.GrammarReader;
import io.migr.evaluation.readers.Statement;
import io.migr.model.Dominance;
import io.migr.model.Emotion;
import io.migr.model.Modality;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Promotion decisions over hand-made outcomes. */
final class PromotionGateTest {
    private static final PromotionGate GATE = new PromotionGate(Bootstrap.USUAL);

    /**
     * Clips of which the first {@code right} are predicted correctly and the first {@code faithful} are explained by
     * the label.
     */
    private static List<Outcome> outcomes(int clips, int right, int faithful, Dominance oracle) {
        List<Outcome> outcomes = new ArrayList<>();
        for (int i = 0; i < clips; i++) {
            Emotion predicted = i < right ? HAPPY : SAD;
            Emotion asserted = i < faithful ? HAPPY : SAD;
            outcomes.add(new Outcome(
                    String.valueOf(i),
                    "all",
                    new Outcome.Truth(HAPPY, HAPPY, oracle, Map.of()),
                    new Outcome.Prediction(predicted, Map.of(predicted, 0.9), Map.of()),
                    new Outcome.Told(
                            "",
                            predicted,
                            Modality.VISUAL,
                            true,
                            9,
                            Map.of(GrammarReader.NAME, new Statement(asserted, asserted, List.of(asserted))),
                            null)));
        }
        return outcomes;
    }

    private static Pair pair(int liveRight, int candidateRight) {
        return new Pair(
                outcomes(200, liveRight, liveRight, Dominance.VISUAL),
                outcomes(200, candidateRight, candidateRight, Dominance.VISUAL));
    }

    @Test
    void aGainOnOneSetAndNoLossOnTheOtherPromotes() {
        Verdict verdict = GATE.judge(Map.of("corpus", pair(180, 179), "feedback", pair(100, 150)));
        assertTrue(verdict.promoted(), verdict.why());
        assertTrue(verdict.why().contains("war of feedback 50.0 -> 75.0"), verdict.why());
        assertEquals(2 * PromotionGate.WATCHED.size(), verdict.findings().size());
    }

    @Test
    void aLossOnOneSetRejectsWhateverTheOtherGains() {
        Verdict verdict = GATE.judge(Map.of("corpus", pair(180, 150), "feedback", pair(100, 190)));
        assertFalse(verdict.promoted());
        assertTrue(verdict.why().startsWith("lost beyond chance: "), verdict.why());
        assertTrue(verdict.why().contains("war of corpus 90.0 -> 75.0"), verdict.why());
    }

    @Test
    void noChangeBeyondChanceRejects() {
        Verdict verdict = GATE.judge(Map.of("corpus", pair(180, 181)));
        assertFalse(verdict.promoted());
        assertTrue(verdict.why().startsWith("nothing gained beyond chance"), verdict.why());
    }

    @Test
    void lessInconsistencyIsAGainAndMoreIsALoss() {
        Pair worse = new Pair(outcomes(200, 180, 180, Dominance.VISUAL), outcomes(200, 180, 120, Dominance.VISUAL));
        assertFalse(GATE.judge(Map.of("corpus", worse)).promoted());
        Pair better = new Pair(worse.candidate(), worse.live());
        Verdict verdict = GATE.judge(Map.of("corpus", better));
        assertTrue(verdict.promoted(), verdict.why());
        assertTrue(verdict.why().contains("ir of corpus"), verdict.why());
    }

    @Test
    void inconsistencyIsComparedOnClipsThatBothPredictCorrectly() {
        // 50 more are right, none of which is explained by the label; the 100 that both get right are explained as
        // before
        Pair newlyRight = new Pair(outcomes(200, 100, 100, null), outcomes(200, 150, 100, null));
        Verdict verdict = GATE.judge(Map.of("feedback", newlyRight));
        assertTrue(verdict.promoted(), verdict.why());
        Finding inconsistency = finding(verdict, Metric.IR);
        assertEquals(0, inconsistency.candidate(), 0);
        assertEquals(0, inconsistency.difference().high(), 0);
        // it explains 30 of those 100 by another emotion: that is a loss, however many are newly right
        Pair worse = new Pair(outcomes(200, 100, 100, null), outcomes(200, 150, 70, null));
        assertFalse(GATE.judge(Map.of("feedback", worse)).promoted());
        assertEquals(
                0.3,
                finding(GATE.judge(Map.of("feedback", worse)), Metric.IR)
                        .difference()
                        .value(),
                1e-9);
    }

    @Test
    void inconsistencyIsUnknownIfNoClipIsRightUnderBoth() {
        Pair apart = new Pair(outcomes(200, 0, 0, null), outcomes(200, 150, 150, null));
        Verdict verdict = GATE.judge(Map.of("feedback", apart));
        assertTrue(verdict.promoted(), verdict.why());
        assertTrue(Double.isNaN(finding(verdict, Metric.IR).difference().value()));
    }

    private static Finding finding(Verdict verdict, Metric metric) {
        return verdict.findings().stream()
                .filter(one -> one.metric() == metric)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aMetricThatCannotBeMeasuredDoesNotCount() {
        Pair recordings = new Pair(outcomes(200, 100, 100, null), outcomes(200, 150, 150, null));
        Verdict verdict = GATE.judge(Map.of("feedback", recordings));
        assertTrue(verdict.promoted(), verdict.why());
        assertTrue(verdict.findings().stream()
                .filter(one -> one.metric() == Metric.ORDER)
                .allMatch(one -> Double.isNaN(one.difference().value())));
    }

    @Test
    void aSmallSetIsLeftOutAndNamed() {
        Pair few = new Pair(outcomes(5, 5, 5, null), outcomes(5, 0, 0, null));
        Verdict verdict = GATE.judge(Map.of("corpus", pair(100, 150), "feedback", few));
        assertTrue(verdict.promoted());
        assertTrue(verdict.why().endsWith("feedback has 5 clips, too few to count"), verdict.why());
        assertThrows(IllegalArgumentException.class, () -> GATE.judge(Map.of("feedback", few)));
    }

    /** Clips of which 60 in 100 are right, with one probability for every prediction. */
    private static List<Outcome> sure(double probability) {
        List<Outcome> outcomes = new ArrayList<>();
        for (Outcome one : outcomes(100, 60, 60, null)) {
            Map<Emotion, Double> probabilities = Map.of(
                    one.prediction().emotion(),
                    probability,
                    one.prediction().emotion() == HAPPY ? SAD : HAPPY,
                    1 - probability);
            outcomes.add(new Outcome(
                    one.clip(),
                    one.slice(),
                    one.truth(),
                    new Outcome.Prediction(one.prediction().emotion(), probabilities, Map.of()),
                    one.told()));
        }
        return outcomes;
    }

    @Test
    void aLowerLogLossIsAGainOnlyWhereItIsAskedFor() {
        Pair calmer = new Pair(sure(0.99), sure(0.6));
        assertFalse(GATE.judge(Map.of("feedback", calmer)).promoted());
        assertFalse(GATE.judge(Map.of("feedback", calmer), Set.of("corpus")).promoted());
        Verdict verdict = GATE.judge(Map.of("feedback", calmer), Set.of("feedback"));
        assertTrue(verdict.promoted(), verdict.why());
        // 0.6 -log 0.99 + 0.4 -log 0.01 = 1.848, and 0.6 -log 0.6 + 0.4 -log 0.4 = 0.673
        assertTrue(verdict.why().contains("log_loss of feedback 1.848 -> 0.673 (-1.175 ["), verdict.why());
        Pair surer = new Pair(sure(0.6), sure(0.99));
        Verdict worse = GATE.judge(Map.of("feedback", surer), Set.of("feedback"));
        assertFalse(worse.promoted());
        assertTrue(worse.why().contains("log_loss"), worse.why());
    }

    @Test
    void outcomesOfDifferentClipsAreRefused() {
        Pair unlike = new Pair(outcomes(200, 100, 100, null), outcomes(199, 100, 100, null));
        assertThrows(IllegalArgumentException.class, () -> GATE.judge(Map.of("corpus", unlike)));
    }
}
