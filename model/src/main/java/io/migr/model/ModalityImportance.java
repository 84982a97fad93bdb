package io.migr.model;

/**
 * How much face and voice contributed: two-player Shapley values of {@code v(S) = log p(y | x_S)}, where y is an
 * emotion and x_S is the clip with only the modalities in S. {@link io.migr.model.importance.ImportanceRule} defines
 * the Shapley values phi_v of the face and phi_a of the voice, the temperature T and the tolerance.
 *
 * @param vNone v of neither modality, nats
 * @param vVisual v of the face alone, nats
 * @param vAudio v of the voice alone, nats
 * @param vBoth v of both, nats
 * @param visualShare sigmoid((phi_v - phi_a) / T), 0..1; the voice's share is the rest
 * @param dominant the modality with the larger share, or balanced within the tolerance
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

    /** How the four values are estimated. */
    public enum Estimator {
        /** Linear heads on pooled evidence: cheap; used in serving. */
        EVIDENCE_HEADS,
        /** The decoder's score of the answer with modalities removed from the prompt: expensive; used for audits. */
        MASKED_PREFILL
    }
}
