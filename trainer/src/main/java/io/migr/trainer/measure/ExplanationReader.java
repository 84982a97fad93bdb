package io.migr.trainer.measure;

import io.migr.corpus.ClipTruth;
import io.migr.model.Emotion;
import io.migr.model.Explanation;

/** Says which emotions an explanation speaks for: a judge of metrics. Thread-safe. */
public interface ExplanationReader {

    /** As metrics name it. */
    String name();

    /** Reads an explanation's blocks, never its answer. */
    Statement read(Explanation explanation);

    /**
     * What this reader would find in an ideal explanation of a clip; null: its label, as every reader of assertions
     * would.
     */
    default Emotion reference(ClipTruth clip) {
        return null;
    }
}
