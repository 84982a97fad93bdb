package io.migr.trainer.measure;

import io.migr.model.Emotion;
import java.util.List;

/**
 * What a reader finds in one explanation, never looking at its answer.
 *
 * @param think the emotion that the weighing block speaks for; null: none, or this reader does not read single blocks
 * @param whole the emotion that all blocks together speak for; null: none
 * @param asserted every emotion asserted, in spoken order; null: this reader does not read sentences
 */
public record Statement(Emotion think, Emotion whole, List<Emotion> asserted) {
    public Statement {
        asserted = asserted == null ? null : List.copyOf(asserted);
    }

    /** The first assertion, or null. */
    Emotion first() {
        return asserted == null || asserted.isEmpty() ? null : asserted.get(0);
    }

    /** Whether anything else than {@code label} is asserted anywhere. */
    public boolean contradicts(Emotion label) {
        return asserted != null && asserted.stream().anyMatch(emotion -> emotion != label);
    }
}
