package io.migr.model.importance;

import io.migr.model.Dominance;
import io.migr.model.ModalityImportance;
import io.migr.model.ModalityImportance.Estimator;
import java.util.OptionalDouble;

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
 * <p>With an evidence floor f, a clip can also tell nothing:
 *
 * <pre>
 * dominant = NEITHER  where max(|i_V|, |i_A|, |i_VA|) < f,  i_S = v(S) - v(none)
 * </pre>
 *
 * The total evidence alone would not do: if the face speaks for y and the voice against it, i_VA can be near 0 although
 * each of them is decisive. y is the label that the four values are about: the model's own arg-max in serving. With one
 * modality present, its share is 1 and it leads, unless it tells nothing; with none present, nothing tells. Without a
 * floor, as in models of before it, a clip with one modality has the share of the formula, at most sigmoid(i / T), and
 * one with none is balanced.
 *
 * @param temperature T > 0, fitted on validation clips; with a floor, so that share_v is the probability that the face
 *     leads, given that one modality does
 * @param tolerance tau, 0..0.5
 * @param evidenceFloor f >= 0, nats; empty: the rule of before
 */
public record ImportanceRule(double temperature, double tolerance, OptionalDouble evidenceFloor) {
    /** The floor of a model whose validation clips all tell something, nats: e^0.3 = 1.35 times the prior. */
    public static final double DEFAULT_FLOOR = 0.3;

    public ImportanceRule {
        if (!(temperature > 0) || !(tolerance >= 0 && tolerance < 0.5)) {
            throw new IllegalArgumentException(
                    "Importance needs a temperature above 0 and a tolerance in 0..0.5; given " + temperature + " and "
                            + tolerance + ".");
        }
        if (evidenceFloor.isPresent() && !(evidenceFloor.getAsDouble() >= 0)) {
            throw new IllegalArgumentException("The evidence floor must be 0 nats or more; given "
                    + evidenceFloor.getAsDouble() + ". Leave it out for the rule without a floor.");
        }
    }

    /** The rule without an evidence floor. */
    public ImportanceRule(double temperature, double tolerance) {
        this(temperature, tolerance, OptionalDouble.empty());
    }

    /** The rule with an evidence floor, nats. */
    public ImportanceRule(double temperature, double tolerance, double evidenceFloor) {
        this(temperature, tolerance, OptionalDouble.of(evidenceFloor));
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
        if (evidenceFloor.isPresent() && facePresent != voicePresent) {
            share = facePresent ? 1 : 0;
        }
        double evidence = Math.max(Math.abs(both - vNone), Math.max(Math.abs(visual - vNone), Math.abs(audio - vNone)));
        boolean telling =
                evidenceFloor.isEmpty() || (facePresent || voicePresent) && evidence >= evidenceFloor.getAsDouble();
        return new ModalityImportance(
                vNone,
                visual,
                audio,
                both,
                (float) share,
                telling ? dominant(share, facePresent, voicePresent) : Dominance.NEITHER,
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
