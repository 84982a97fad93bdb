package io.migr.evaluation.measure;

import io.migr.model.Dominance;
import io.migr.model.analysis.Evidence;

/**
 * The evidence of a clip whose truth is known, for calibration.
 *
 * @param evidence at temperature 1
 * @param label the index of the true emotion in the label set
 * @param oracle the modality that truly leads; null if unknown
 */
public record LabelledEvidence(Evidence evidence, int label, Dominance oracle) {
    public LabelledEvidence {
        int labels = evidence.v()[0].length;
        if (label < 0 || label >= labels) {
            throw new IllegalArgumentException(
                    "A label must be an index in a set of " + labels + " labels; given " + label + ".");
        }
    }
}
