package io.migr.trainer.measure;

import io.migr.model.Explanation;

/** Says which emotions an explanation speaks for: a judge of metrics. Thread-safe. */
public interface ExplanationReader {

    /** As metrics name it. */
    String name();

    /** Reads an explanation's blocks, never its answer. */
    Statement read(Explanation explanation);
}
