package io.migr.model.importance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.migr.model.Dominance;
import io.migr.model.ModalityImportance;
import io.migr.model.ModalityImportance.Estimator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Shares computed by hand: phi_v - phi_a = v(V) - v(A), so share_v = p_V / (p_V + p_A) at T = 1. */
final class ImportanceRuleTest {
    private static final float NONE = (float) Math.log(1 / 7.0);

    @ParameterizedTest
    @CsvSource({
        "0.8, 0.2, 0.9, 1.0, 0.8000000, VISUAL",
        "0.2, 0.8, 0.9, 1.0, 0.2000000, AUDIO",
        "0.5, 0.4, 0.7, 1.0, 0.5555556, BALANCED",
        "0.8, 0.2, 0.9, 2.0, 0.6666667, VISUAL",
        "0.6, 0.4, 0.1, 1.0, 0.6000000, BALANCED"
    })
    void sharesOfHandComputedCases(double face, double voice, double both, double t, double share, Dominance dominant) {
        // exactly 0.6, at the tolerance, is still balanced; a tiny margin avoids rounding effects
        ModalityImportance importance = new ImportanceRule(t, 0.1 + 1e-6)
                .decide(NONE, log(face), log(voice), log(both), true, true, Estimator.EVIDENCE_HEADS, true);
        assertEquals(share, importance.visualShare(), 1e-6);
        assertEquals(dominant, importance.dominant());
        double phiVisual = 0.5 * ((log(both) - log(voice)) + (log(face) - NONE));
        double phiAudio = 0.5 * ((log(both) - log(face)) + (log(voice) - NONE));
        assertEquals(log(both) - NONE, phiVisual + phiAudio, 1e-6);
    }

    @Test
    void aMissingModalityNeverLeads() {
        ImportanceRule rule = new ImportanceRule(1, 0.1);
        ModalityImportance faceOnly =
                rule.decide(NONE, log(0.1), log(0.9), log(0.9), true, false, Estimator.EVIDENCE_HEADS, true);
        assertEquals(Dominance.VISUAL, faceOnly.dominant());
        assertEquals(NONE, faceOnly.vAudio());
        assertEquals(log(0.1), faceOnly.vBoth());
        ModalityImportance voiceOnly =
                rule.decide(NONE, log(0.9), log(0.1), log(0.9), false, true, Estimator.EVIDENCE_HEADS, true);
        assertEquals(Dominance.AUDIO, voiceOnly.dominant());
        ModalityImportance nothing =
                rule.decide(NONE, log(0.9), log(0.1), log(0.9), false, false, Estimator.EVIDENCE_HEADS, true);
        assertEquals(Dominance.BALANCED, nothing.dominant());
        assertEquals(0.5f, nothing.visualShare());
    }

    /** By hand, v(none) = -2: i_V, i_A, i_VA and what they consist of. */
    @ParameterizedTest
    @CsvSource({
        // i_V 1.5, i_A 0.5, i_VA 1.75: the voice repeats 0.5 of the face, and 0.25 comes from both together
        "-0.5, -1.5, -0.25, 1.0, 0.0, 0.5, 0.25, 1.75",
        // i_V 1.5, i_A -1, i_VA 0.25: opposite signs share nothing; 0.5 would remain, the contradiction costs 0.25
        "-0.5, -3.0, -1.75, 1.5, -1.0, 0.0, -0.25, 0.25",
        // i_V -0.25, i_A -1, i_VA -1: both speak against y
        "-2.25, -3.0, -3.0, 0.0, -0.75, -0.25, 0.0, -1.0",
        // i_V 0, i_A 0, i_VA 1.5: only both together tell
        "-2.0, -2.0, -0.5, 0.0, 0.0, 0.0, 1.5, 1.5",
        // i_V 1, i_A 1, i_VA 1: either is enough
        "-1.0, -1.0, -1.0, 0.0, 0.0, 1.0, 0.0, 1.0"
    })
    void evidenceIsDecomposed(
            float face,
            float voice,
            float both,
            float uniqueVisual,
            float uniqueAudio,
            float redundancy,
            float synergy,
            float total) {
        ModalityImportance importance =
                new ImportanceRule(1, 0.1).decide(-2, face, voice, both, true, true, Estimator.EVIDENCE_HEADS, true);
        assertEquals(uniqueVisual, importance.uniqueVisual());
        assertEquals(uniqueAudio, importance.uniqueAudio());
        assertEquals(redundancy, importance.redundancy());
        assertEquals(synergy, importance.synergy());
        assertEquals(total, importance.totalEvidence());
        assertEquals(total, uniqueVisual + uniqueAudio + redundancy + synergy);
    }

    /** v(none) = -2, floor 0.3; without a floor no clip is NEITHER. */
    @ParameterizedTest
    @CsvSource({
        // both useless, both decisive
        "-1.9, -2.1, -1.8, true, true, NEITHER, BALANCED, 0.5498340",
        "-0.2, -0.3, -0.1, true, true, BALANCED, BALANCED, 0.5249792",
        // they contradict each other, and the total is 0.1: the face is decisive
        "-0.5, -3.5, -1.9, true, true, VISUAL, VISUAL, 0.9525741",
        // only both together tell
        "-2.0, -2.0, -0.5, true, true, BALANCED, BALANCED, 0.5",
        // one modality: its share is all of it
        "-0.5, -0.5, -0.5, true, false, VISUAL, VISUAL, 1",
        "-0.5, -0.5, -0.5, false, true, AUDIO, AUDIO, 0",
        "-1.9, -0.5, -0.5, true, false, NEITHER, VISUAL, 1",
        "-0.5, -0.5, -0.5, false, false, NEITHER, BALANCED, 0.5"
    })
    void withAFloorAClipCanTellNothing(
            float face,
            float voice,
            float both,
            boolean seen,
            boolean heard,
            Dominance dominant,
            Dominance before,
            double share) {
        ModalityImportance importance = new ImportanceRule(1, 0.1, 0.3)
                .decide(-2, face, voice, both, seen, heard, Estimator.EVIDENCE_HEADS, true);
        assertEquals(dominant, importance.dominant());
        assertEquals(share, importance.visualShare(), 1e-6);
        assertEquals(
                before,
                new ImportanceRule(1, 0.1)
                        .decide(-2, face, voice, both, seen, heard, Estimator.EVIDENCE_HEADS, true)
                        .dominant());
    }

    /** sigmoid(1.5): the cap of one modality under the rule without a floor. */
    @Test
    void withoutAFloorOneModalityHasTheShareOfTheFormula() {
        assertEquals(
                0.8175745,
                new ImportanceRule(1, 0.1)
                        .decide(-2, -0.5f, -0.5f, -0.5f, true, false, Estimator.EVIDENCE_HEADS, true)
                        .visualShare(),
                1e-6);
    }

    @Test
    void invalidSettingsAreRejected() {
        assertThrows(IllegalArgumentException.class, () -> new ImportanceRule(1, 0.1, -0.1));
        assertThrows(IllegalArgumentException.class, () -> new EvidenceTemperature(1, 0, 1));
        assertThrows(IllegalArgumentException.class, () -> new ImportanceRule(0, 0.1));
        assertThrows(IllegalArgumentException.class, () -> new ImportanceRule(1, 0.5));
    }

    private static float log(double p) {
        return (float) Math.log(p);
    }
}
