package io.migr.corpus;

import io.migr.model.Emotion;

/** What is known of a clip, and where that knowledge comes from. */
public sealed interface ClipAnnotation permits CueAnnotation, ClipAnnotation.LabelOnly {

    /** Where an annotation comes from, the surest first. */
    enum Source {
        /** The clip was drawn from it, so everything in it is exactly true. */
        TRUE,
        /** People wrote the label, a model measured the rest in a recording. */
        MEASURED,
        /** People wrote the label; nothing else is known. */
        LABELLED
    }

    /** Where it comes from. */
    Source source();

    /** The emotion that annotators wrote down. */
    Emotion label();

    /** A label and nothing else. */
    record LabelOnly(Emotion label) implements ClipAnnotation {
        @Override
        public Source source() {
            return Source.LABELLED;
        }
    }
}
