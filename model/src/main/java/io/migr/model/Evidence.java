package io.migr.model;

/**
 * What the heads know of a clip.
 *
 * @param v {@code [4][labels]} log-probabilities given neither, face, voice, both
 * @param face a face is seen
 * @param voice somebody speaks
 */
public record Evidence(double[][] v, boolean face, boolean voice) {
    /** The row to go by: both where both are there. */
    public double[] best() {
        return v[face && voice ? 3 : face ? 1 : voice ? 2 : 0];
    }

    /** The label that {@link #best} favours, as its place in the label set. */
    public int favoured() {
        double[] values = best();
        int favoured = 0;
        for (int y = 1; y < values.length; y++) {
            favoured = values[y] > values[favoured] ? y : favoured;
        }
        return favoured;
    }

    /** Modality importance, of which the label at place {@code y} counts. */
    public ModalityImportance importance(
            ImportanceRule rule, int y, ModalityImportance.Estimator estimator, boolean labelFree) {
        return rule.decide(
                (float) v[0][y], (float) v[1][y], (float) v[2][y], (float) v[3][y], face, voice, estimator, labelFree);
    }
}
