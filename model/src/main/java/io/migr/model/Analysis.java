package io.migr.model;

import java.util.List;
import java.util.Map;

/**
 * The model's result for one clip.
 *
 * @param emotion the prediction: the arg-max of {@code probabilities}
 * @param probabilities over the model's label set, sums to 1, in the label set's order
 * @param prior probabilities given neither face nor voice, over the same labels
 * @param importance how much face and voice contributed
 * @param actionUnits FACS numbers seen on the face, with peak intensity 0..1, strongest first
 * @param explanation the explanation, blocks in the order of the text
 * @param faceMissing why the face was not used, as text; null: it was used
 * @param voiceMissing why the voice was not used, as text; null: it was used
 */
public record Analysis(
        Emotion emotion,
        Map<Emotion, Float> probabilities,
        Map<Emotion, Float> prior,
        ModalityImportance importance,
        List<ActionUnitIntensity> actionUnits,
        Explanation explanation,
        String faceMissing,
        String voiceMissing) {
    /** From this probability on, an emotion counts as asserted: twice that of all others together. Less is a guess. */
    public static final float ASSERTED = 2 / 3f;

    /** Why face or voice was not used, joined with "; "; null: both were used. */
    public String missing() {
        return joined(faceMissing, voiceMissing);
    }

    /** The reasons for a missing face and a missing voice, joined with "; "; null if both are null. */
    public static String joined(String face, String voice) {
        return face == null ? voice : voice == null ? face : face + "; " + voice;
    }

    /** A facial action unit and its peak intensity, 0..1. */
    public record ActionUnitIntensity(int actionUnit, float intensity) {}
}
