package io.migr.evaluation.readers;

import io.migr.corpus.ClipTruth;
import io.migr.model.Emotion;
import io.migr.model.Explanation;

/** Finds the emotions that an explanation supports, for metrics. Thread-safe. */
public interface ExplanationReader {

    /** The name used in metrics. */
    String name();

    /** Reads the blocks of an explanation, never its answer. */
    Statement read(Explanation explanation);

    /**
     * What this reader would find in an ideal explanation of a clip; null if that is the clip's label, as for every
     * reader of assertions.
     */
    default Emotion reference(ClipTruth clip) {
        return null;
    }
}
