package io.migr.trainer;

import static io.migr.model.Emotion.ANGRY;
import static io.migr.model.Emotion.HAPPY;
import static io.migr.model.Emotion.SAD;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.migr.model.Dominance;
import io.migr.model.Emotion;
import io.migr.model.Modality;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Every metric against numbers worked by hand. */
final class ScoresTest {

    private static Outcome outcome(
            String slice,
            Emotion label,
            Emotion bayes,
            Dominance oracle,
            Emotion predicted,
            Emotion asserted,
            Dominance dominant) {
        Modality first = dominant == Dominance.AUDIO ? Modality.AUDIO : Modality.VISUAL;
        return new Outcome(
                slice, label, bayes, oracle, predicted, predicted, asserted, dominant, first, asserted != null);
    }

    private static final List<Outcome> FIVE = List.of(
            outcome("a", HAPPY, HAPPY, Dominance.VISUAL, HAPPY, HAPPY, Dominance.VISUAL),
            outcome("a", HAPPY, HAPPY, Dominance.AUDIO, HAPPY, SAD, Dominance.BALANCED),
            outcome("a", HAPPY, SAD, Dominance.AUDIO, SAD, SAD, Dominance.AUDIO),
            outcome("b", SAD, SAD, Dominance.BALANCED, SAD, SAD, Dominance.VISUAL),
            outcome("b", ANGRY, ANGRY, Dominance.VISUAL, HAPPY, null, Dominance.VISUAL));

    @Test
    void matchesHandWorkedNumbers() {
        Scores scores = Scores.of(FIVE);
        assertEquals(5, scores.clips());
        assertEquals(3 / 5.0, scores.war(), 1e-12);
        assertEquals((2 / 3.0 + 1 + 0) / 3, scores.uar(), 1e-12);
        assertEquals(4 / 5.0, scores.bayesAccuracy(), 1e-12);
        assertEquals(0.75, scores.shareOfBayes(), 1e-12);
        assertEquals(3 / 4.0, scores.importanceAccuracy(), 1e-12);
        // the balanced dominance of the second clip started with the face, the oracle is the voice
        assertEquals(3 / 4.0, scores.orderAccuracy(), 1e-12);
        assertEquals(3 / 5.0, scores.consistency(), 1e-12);
        assertEquals(1 / 3.0, scores.inconsistentWhenCorrect(), 1e-12);
        assertEquals(2 / 5.0, scores.explanationAccuracy(), 1e-12);
        assertEquals(4 / 5.0, scores.formatRate(), 1e-12);
    }

    @Test
    void slicesAreScoredAlone() {
        var slices = Scores.perSlice(FIVE);
        assertEquals(List.of("a", "b"), List.copyOf(slices.keySet()));
        assertEquals(2 / 3.0, slices.get("a").war(), 1e-12);
        assertEquals(1 / 2.0, slices.get("b").war(), 1e-12);
    }

    @Test
    void noClipGivesNoNumber() {
        assertTrue(Double.isNaN(Scores.of(List.of()).war()));
    }
}
