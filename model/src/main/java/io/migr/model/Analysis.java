package io.migr.model;

import java.util.List;
import java.util.Map;

/**
 * The model's result for one clip.
 *
 * @param emotion the prediction: the arg-max of {@code probabilities}
 * @param probabilities over the model's label set, sums to 1, in the label set's order
 * @param importance how much face and voice contributed
 * @param actionUnits FACS numbers seen on the face, with peak intensity 0..1, strongest first
 * @param explanation the explanation, blocks in the order of the text
 * @param missing why face or voice was not used, as text; null: both were used
 */
public record Analysis(
        Emotion emotion,
        Map<Emotion, Float> probabilities,
        ModalityImportance importance,
        List<ActionUnitIntensity> actionUnits,
        Explanation explanation,
        String missing) {

    /** A facial action unit and its peak intensity, 0..1. */
    public record ActionUnitIntensity(int actionUnit, float intensity) {}
}
