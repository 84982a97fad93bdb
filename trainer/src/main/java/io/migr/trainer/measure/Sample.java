package io.migr.trainer.measure;

import io.migr.corpus.ClipTruth;
import io.migr.corpus.RenderedClip;
import io.migr.model.ClipInput;
import io.migr.model.Emotion;

/**
 * A clip to be measured on.
 *
 * @param name names it in outcomes
 * @param slice what it is reported with; null: by which of face and voice could be used
 * @param label what an annotator wrote down
 * @param input as the analyser reads it
 * @param truth everything that is true of it; null: only the label is known
 */
public record Sample(String name, String slice, Emotion label, ClipInput input, ClipTruth truth) {

    /** A clip of the corpus, reported with its regime. */
    public static Sample of(RenderedClip clip) {
        return new Sample(
                String.valueOf(clip.truth().seed()),
                clip.truth().regime().label(),
                clip.truth().label(),
                clip.input(),
                clip.truth());
    }
}
