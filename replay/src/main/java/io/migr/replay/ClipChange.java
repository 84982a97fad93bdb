package io.migr.replay;

import io.migr.schemas.Emotion;

/**
 * One clip with its results before and after.
 *
 * @param clip {@code callId/participantId/sequence}
 * @param label the emotion that annotators gave it; null if it has no label
 * @param size total variation of the probabilities plus the shift of the face's share, 0..2
 */
public record ClipChange(String clip, VersionAnswer before, VersionAnswer after, Emotion label, double size) {

    static ClipChange of(String clip, VersionAnswer before, VersionAnswer after, Emotion label) {
        return new ClipChange(clip, before, after, label, before.distance(after) + Math.abs(shift(before, after)));
    }

    /** The face's share after minus before, -1..1. */
    public double shift() {
        return shift(before, after);
    }

    private static double shift(VersionAnswer before, VersionAnswer after) {
        return (double) after.prediction().getImportance().getVisualShare()
                - before.prediction().getImportance().getVisualShare();
    }

    /** Whether the predicted emotion differs. */
    public boolean flipped() {
        return before.emotion() != after.emotion();
    }
}
