package io.migr.corpus;

import io.migr.model.Emotion;

/** What is known of a clip, and where that knowledge comes from. */
public sealed interface ClipAnnotation permits CueAnnotation, ClipAnnotation.LabelOnly {

    /** Where an annotation comes from, the most certain source first. */
    enum Source {
        /** The clip was generated from the annotation, so everything in it is exactly true. */
        TRUE,
        /** Annotators chose the label of a recording; a model measured everything else. */
        MEASURED,
        /** Annotators chose the label; nothing else is known. */
        LABELLED
    }

    /** Where this annotation comes from. */
    Source source();

    /** The emotion that annotators chose; for a generated clip, that of the simulated annotators. */
    Emotion label();

    /** An annotation that has only a label. */
    record LabelOnly(Emotion label) implements ClipAnnotation {
        @Override
        public Source source() {
            return Source.LABELLED;
        }
    }
}
