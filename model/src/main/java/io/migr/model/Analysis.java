package io.migr.model;

import java.util.List;
import java.util.Map;


/**
 * What the model says of one clip.
 *
 * @param emotion the prediction: arg-max of {@code probabilities}
 * @param probabilities over the model's label set, sums to 1, in the label set's order
 * @param importance how much face and voice counted
 * @param actionUnits FACS numbers seen on the face, with peak intensity 0..1, strongest first
 * @param explanation why, in spoken order
 * @param missing why face or voice was not used, in words; null: both were
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
