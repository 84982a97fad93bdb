package io.migr.evaluation.readers;

import io.migr.model.Emotion;
import java.util.List;

/**
 * What a reader finds in the blocks of one explanation, without its answer.
 *
 * @param think the emotion that the weighing block supports; null if none, or if this reader does not read single
 *     blocks
 * @param whole the emotion that all blocks together support; null if none
 * @param asserted every emotion asserted, in text order; null if this reader does not read sentences
 */
public record Statement(Emotion think, Emotion whole, List<Emotion> asserted) {
    public Statement {
        asserted = asserted == null ? null : List.copyOf(asserted);
    }

    /** The first assertion, or null. */
    Emotion first() {
        return asserted == null || asserted.isEmpty() ? null : asserted.get(0);
    }

    /** Whether any emotion other than {@code label} is asserted. */
    public boolean contradicts(Emotion label) {
        return asserted != null && asserted.stream().anyMatch(emotion -> emotion != label);
    }
}
