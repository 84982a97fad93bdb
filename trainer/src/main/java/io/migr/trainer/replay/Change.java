package io.migr.trainer.replay;

import io.migr.schemas.Emotion;

/**
 * One clip before and after.
 *
 * @param clip {@code callId/participantId/sequence}
 * @param label what people say it shows; null: nobody does
 * @param size total variation of the probabilities plus the shift of the face's share, 0..2
 */
public record Change(String clip, Answer before, Answer after, Emotion label, double size) {

    static Change of(String clip, Answer before, Answer after, Emotion label) {
        return new Change(clip, before, after, label, before.distance(after) + Math.abs(shift(before, after)));
    }

    /** How much more the face counts after, -1..1. */
    public double shift() {
        return shift(before, after);
    }

    private static double shift(Answer before, Answer after) {
        return (double) after.prediction().getImportance().getVisualShare()
                - before.prediction().getImportance().getVisualShare();
    }

    /** Whether the emotion is another one. */
    public boolean flipped() {
        return before.emotion() != after.emotion();
    }
}
