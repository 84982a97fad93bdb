package io.migr.model;


/**
 * How much face and voice counted: two-player Shapley values of {@code v(S) = log p(y | x_S)}.
 *
 * @param vNone v of neither modality, nats
 * @param vVisual v of the face alone, nats
 * @param vAudio v of the voice alone, nats
 * @param vBoth v of both, nats
 * @param visualShare sigmoid((phi_v - phi_a) / T), 0..1; the voice's share is the rest
 * @param dominant the larger share beyond the tolerance, else balanced
 * @param estimator which estimator gave the four values
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

    /** Where the four values come from. */
    public enum Estimator {
        /** Linear heads on pooled evidence: costs nothing, serves. */
        EVIDENCE_HEADS,
        /** The decoder scored on the answer with blocks removed: dear, audits. */
        MASKED_PREFILL
    }
}
