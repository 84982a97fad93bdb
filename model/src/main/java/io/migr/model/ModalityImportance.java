package io.migr.model;

/**
 * How much face and voice contributed: two-player Shapley values of {@code v(S) = log p(y | x_S)}, where y is an
 * emotion and x_S is the clip with only the modalities in S. {@link io.migr.model.importance.ImportanceRule} defines
 * the Shapley values phi_v of the face and phi_a of the voice, the temperature T, the tolerance and the evidence floor.
 *
 * <p>The share depends on v(V) - v(A) alone. What the clip tells at all is its evidence, the pointwise mutual
 * information of y and the modalities in S, and this decomposition of it:
 *
 * <pre>
 * i_S        = v(S) - v(none)                                                          S: V, A, VA
 * redundancy = sign(i_V) min(|i_V|, |i_A|) where i_V and i_A have the same sign, else 0
 * unique_V   = i_V - redundancy,  unique_A = i_A - redundancy
 * synergy    = i_VA - i_V - i_A + redundancy
 * i_VA       = redundancy + unique_V + unique_A + synergy
 * </pre>
 *
 * <p>Redundancy is what either modality alone would tell, synergy what only both together tell; the latter is negative
 * where face and voice contradict each other or repeat more than the minimum says. The minimum of terms of one sign is our
 * choice, a simpler relative of Ince's I_ccs (arXiv 1602.05063).
 *
 * @param vNone v of neither modality, nats
 * @param vVisual v of the face alone, nats
 * @param vAudio v of the voice alone, nats
 * @param vBoth v of both, nats
 * @param visualShare sigmoid((phi_v - phi_a) / T), 0..1; the voice's share is the rest
 * @param dominant the modality with the larger share, balanced within the tolerance, or neither
 * @param estimator the estimator of the four values
 * @param labelFree true: y is the model's own arg-max; false: y was a given label
 */
public record ModalityImportance(
        float vNone,
        float vVisual,
        float vAudio,
        float vBoth,
        float visualShare,
        Dominance dominant,
        Estimator estimator,
        boolean labelFree) {

    /** i_V, the evidence of the face alone, nats; 0 without a face. */
    public float visualEvidence() {
        return vVisual - vNone;
    }

    /** i_A, the evidence of the voice alone, nats; 0 without a voice. */
    public float audioEvidence() {
        return vAudio - vNone;
    }

    /** i_VA, the evidence of face and voice together, nats. */
    public float totalEvidence() {
        return vBoth - vNone;
    }

    /** What either modality alone would tell, nats. */
    public float redundancy() {
        float visual = visualEvidence();
        float audio = audioEvidence();
        return Math.signum(visual) == Math.signum(audio)
                ? Math.signum(visual) * Math.min(Math.abs(visual), Math.abs(audio))
                : 0;
    }

    /** What the face alone tells and the voice does not, nats. */
    public float uniqueVisual() {
        return visualEvidence() - redundancy();
    }

    /** What the voice alone tells and the face does not, nats. */
    public float uniqueAudio() {
        return audioEvidence() - redundancy();
    }

    /** What only both together tell, nats; may be negative. */
    public float synergy() {
        return totalEvidence() - visualEvidence() - audioEvidence() + redundancy();
    }

    /** How the four values are estimated. */
    public enum Estimator {
        /** Linear heads on pooled evidence: cheap; used in serving. */
        EVIDENCE_HEADS,
        /** The decoder's score of the answer with modalities removed from the prompt: expensive; used for audits. */
        MASKED_PREFILL
    }
}
