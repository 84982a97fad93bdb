package io.migr.trainer.measure;

import io.migr.corpus.ClipAnnotation;
import io.migr.corpus.ClipTruth;
import io.migr.corpus.RenderedClip;
import io.migr.model.ClipInput;
import io.migr.model.Emotion;

/**
 * A clip to be measured on.
 *
 * @param name names it in outcomes
 * @param slice what it is reported with; null: by which of face and voice could be used
 * @param input as the analyser reads it
 * @param annotation what is known of it; claims are checked only against a {@link ClipTruth}
 */
public record Sample(String name, String slice, ClipInput input, ClipAnnotation annotation) {

    /** A recording of which only the label is known, reported by which of face and voice could be used. */
    public static Sample labelled(String name, Emotion label, ClipInput input) {
        return new Sample(name, null, input, new ClipAnnotation.LabelOnly(label));
    }

    /** What an annotator wrote down. */
    public Emotion label() {
        return annotation.label();
    }

    /** A clip of the corpus, reported with its regime. */
    public static Sample of(RenderedClip clip) {
        return new Sample(
                String.valueOf(clip.truth().seed()), clip.truth().regime().label(), clip.input(), clip.truth());
    }
}
