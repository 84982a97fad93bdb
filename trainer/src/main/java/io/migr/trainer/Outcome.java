package io.migr.trainer;

import io.migr.model.Dominance;
import io.migr.model.Emotion;
import io.migr.model.Modality;

/**
 * What came out for one clip, beside its truth.
 *
 * @param slice the regime that the clip was drawn from
 * @param label the clip's label
 * @param bayes the best guess from the clip's true cues
 * @param oracle the modality that truly leads
 * @param predicted the model's prediction
 * @param answer the emotion that its explanation ends with
 * @param asserted the emotion that its weighing step asserts; null: none
 * @param dominant the modality that the model says leads
 * @param firstBlock the modality that the explanation starts with
 * @param wellFormed the explanation was completed by the model itself
 */
public record Outcome(
        String slice,
        Emotion label,
        Emotion bayes,
        Dominance oracle,
        Emotion predicted,
        Emotion answer,
        Emotion asserted,
        Dominance dominant,
        Modality firstBlock,
        boolean wellFormed) {

    /** The modality that must lead, or null where either may. */
    Modality requiredFirst() {
        return switch (oracle) {
            case VISUAL -> Modality.VISUAL;
            case AUDIO -> Modality.AUDIO;
            case BALANCED -> null;
        };
    }
}
