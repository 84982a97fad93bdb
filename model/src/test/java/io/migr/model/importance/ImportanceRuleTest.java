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

    @Test
    void invalidSettingsAreRejected() {
        assertThrows(IllegalArgumentException.class, () -> new ImportanceRule(0, 0.1));
        assertThrows(IllegalArgumentException.class, () -> new ImportanceRule(1, 0.5));
    }

    private static float log(double p) {
        return (float) Math.log(p);
    }
}
