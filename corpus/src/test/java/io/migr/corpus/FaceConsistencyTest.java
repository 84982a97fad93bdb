package io.migr.corpus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.migr.model.Dominance;
import io.migr.model.Emotion;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** c(AU, y) = core - 0.5 against, computed by hand. */
final class FaceConsistencyTest {

    @ParameterizedTest
    @CsvSource({
        // units with intensities; emotion; core minus half of the units against it; threshold 0.275 per core unit
        "6:0.55 12:1.0, HAPPY, 1.55, 0.55, true",
        "6:0.3 4:0.8, HAPPY, -0.1, 0.55, false",
        "12:0.55, HAPPY, 0.55, 0.55, true",
        "1:0.55 4:0.55 12:0.8, SAD, 0.7, 0.825, false",
        "1:0.55 4:0.55 15:0.3 17:1.0, SAD, 1.4, 0.825, true",
        "1:0.8 2:0.8 5:0.55 26:0.3, SURPRISE, 2.45, 1.1, true",
        "1:0.8 2:0.8 4:0.55 5:0.55 26:0.3, SURPRISE, 2.175, 1.1, true",
        "4:0.55 7:0.55, ANGRY, 1.1, 1.1, true",
        "4:0.55 7:0.55 1:0.3, ANGRY, 0.95, 1.1, false",
        // parted lips do not speak against a neutral face; two slight units are just within its threshold
        "25:1.0, NEUTRAL, 0, -0.3, true",
        "4:0.3 9:0.3, NEUTRAL, -0.3, -0.3, true",
        "4:0.8, NEUTRAL, -0.4, -0.3, false"
    })
    void scoresEqualThoseComputedByHand(String face, Emotion emotion, double score, double threshold, boolean holds) {
        boolean[] units = new boolean[DrawnFaceCues.UNITS.length];
        double[] intensities = new double[DrawnFaceCues.UNITS.length];
        for (String unit : face.split(" ")) {
            int index = DrawnFaceCues.index(Integer.parseInt(unit.substring(0, unit.indexOf(':'))));
            units[index] = true;
            intensities[index] = Double.parseDouble(unit.substring(unit.indexOf(':') + 1));
        }
        assertEquals(score, FaceConsistency.score(intensities, emotion), 1e-12);
        assertEquals(threshold, FaceConsistency.threshold(emotion), 1e-12);
        assertEquals(holds, FaceConsistency.holds(clip(emotion, units, intensities)));
    }

    private static ClipTruth clip(Emotion label, boolean[] units, double[] intensities) {
        return new ClipTruth(1, Regime.BALANCED, label, label, units, intensities, null, Dominance.VISUAL);
    }

    @Test
    void aClipWithoutAFaceIsConsistent() {
        assertTrue(FaceConsistency.holds(clip(Emotion.SAD, null, null)));
    }

    @Test
    void genuineFacesAreKeptAndAmbiguousOnesAreNot() {
        int genuine = 0;
        int kept = 0;
        int ambiguous = 0;
        int slipped = 0;
        for (int i = 0; i < 2_000; i++) {
            ClipTruth clip = ClipTruth.of(Split.SFT.seed(i));
            boolean holds = FaceConsistency.holds(clip);
            switch (clip.regime()) {
                case VISUAL_DOMINANT, BALANCED, SPEECHLESS -> {
                    genuine++;
                    kept += holds ? 1 : 0;
                }
                case AUDIO_DOMINANT -> {
                    ambiguous++;
                    slipped += holds ? 1 : 0;
                }
                default -> {}
            }
        }
        assertTrue(kept > 0.9 * genuine, kept + " of " + genuine + " genuine faces are kept");
        assertTrue(slipped < 0.05 * ambiguous, slipped + " of " + ambiguous + " ambiguous faces are kept");
    }
}
