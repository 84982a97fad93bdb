package io.migr.model;

import java.util.List;

/**
 * An explanation, its blocks in the order of the text.
 *
 * @param steps two modality blocks in the order of the text, then the weighing step
 * @param answer the emotion the text ends with
 * @param finish why decoding ended
 * @param raw the text as decoded, tags included
 */
public record Explanation(List<ReasoningStep> steps, Emotion answer, Finish finish, String raw) {
    public Explanation {
        steps = List.copyOf(steps);
    }

    /** Why decoding ended. */
    public enum Finish {
        /** The model completed the grammar. */
        STOP,
        /** A block or the whole text hit its token limit and was closed. */
        LENGTH
    }

    /** The modality that it describes first. */
    public Modality first() {
        return steps.get(0).block().modality();
    }

    /** The emotion the weighing step asserts, which is that of the whole explanation; null: none. */
    public Emotion assertedEmotion() {
        return steps.stream()
                .filter(step -> step.block() == Block.WEIGHING && step.emotion() != null)
                .map(ReasoningStep::emotion)
                .reduce((first, second) -> second)
                .orElse(null);
    }
}
