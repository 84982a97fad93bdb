package io.migr.model.analysis;

import io.migr.model.ModalityImportance;
import io.migr.model.importance.ImportanceRule;

/**
 * The output of the evidence heads for a clip.
 *
 * @param v {@code [4][labels]} log-probabilities, nats: given neither modality, the face, the voice, both
 * @param face whether a face is visible
 * @param voice whether somebody speaks
 */
public record Evidence(double[][] v, boolean face, boolean voice) {
    /** The row of {@code v} for the modalities that are present. */
    public double[] best() {
        return v[face && voice ? 3 : face ? 1 : voice ? 2 : 0];
    }

    /** The arg-max of {@link #best}, as an index in the label set. */
    public int favoured() {
        return favoured(best());
    }

    /** The arg-max of one row of {@code v}. */
    static int favoured(double[] values) {
        int favoured = 0;
        for (int y = 1; y < values.length; y++) {
            favoured = values[y] > values[favoured] ? y : favoured;
        }
        return favoured;
    }

    /** Modality importance for the label at index {@code y}; {@code labelFree}: it is the model's own prediction. */
    public ModalityImportance importance(
            ImportanceRule rule, int y, ModalityImportance.Estimator estimator, boolean labelFree) {
        return rule.decide(
                (float) v[0][y], (float) v[1][y], (float) v[2][y], (float) v[3][y], face, voice, estimator, labelFree);
    }
}
