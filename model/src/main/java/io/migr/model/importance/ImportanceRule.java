package io.migr.model.importance;

import io.migr.model.Dominance;
import io.migr.model.ModalityImportance;
import io.migr.model.ModalityImportance.Estimator;

/**
 * Computes modality importance from four values v(S) = log p(y | x_S) as two-player Shapley values
 *
 * <pre>
 * phi_v = 1/2 [(v(VA) - v(A)) + (v(V) - v(none))],  phi_a = 1/2 [(v(VA) - v(V)) + (v(A) - v(none))]
 * share_v = sigmoid((phi_v - phi_a) / T)
 * </pre>
 *
 * The face leads if share_v is above 1/2 + tau, the voice leads below 1/2 - tau, and neither leads in between.
 *
 * @param temperature T > 0, fitted on validation clips
 * @param tolerance tau, 0..0.5
 */
public record ImportanceRule(double temperature, double tolerance) {
    public ImportanceRule {
        if (!(temperature > 0) || !(tolerance >= 0 && tolerance < 0.5)) {
            throw new IllegalArgumentException(
                    "Importance needs a temperature above 0 and a tolerance in 0..0.5; given " + temperature + " and "
                            + tolerance + ".");
        }
    }

    /**
     * Applies the rule.
     *
     * @param facePresent false: v(V) is replaced by v(none) and v(VA) by v(A)
     * @param voicePresent the same for the voice
     */
    public ModalityImportance decide(
            float vNone,
            float vVisual,
            float vAudio,
            float vBoth,
            boolean facePresent,
            boolean voicePresent,
            Estimator estimator,
            boolean labelFree) {
        float visual = facePresent ? vVisual : vNone;
        float audio = voicePresent ? vAudio : vNone;
        float both = facePresent && voicePresent ? vBoth : facePresent ? visual : voicePresent ? audio : vNone;
        double phiVisual = 0.5 * ((both - audio) + (visual - vNone));
        double phiAudio = 0.5 * ((both - visual) + (audio - vNone));
        double share = 1 / (1 + Math.exp(-(phiVisual - phiAudio) / temperature));
        return new ModalityImportance(
                vNone,
                visual,
                audio,
                both,
                (float) share,
                dominant(share, facePresent, voicePresent),
                estimator,
                labelFree);
    }

    private Dominance dominant(double share, boolean facePresent, boolean voicePresent) {
        if (facePresent != voicePresent) {
            return facePresent ? Dominance.VISUAL : Dominance.AUDIO;
        }
        if (share > 0.5 + tolerance) {
            return Dominance.VISUAL;
        }
        return share < 0.5 - tolerance ? Dominance.AUDIO : Dominance.BALANCED;
    }
}
