package io.migr.trainer.judge;

import io.migr.model.Emotion;
import io.migr.model.Explanation;

/**
 * Reads an emotion out of an explanation alone: its blocks, never its answer. What asserts nothing reads as neutral.
 * Thread-safe.
 */
public interface Judge {

    /** As metrics name it. */
    String name();

    /** The one emotion that the explanation speaks for. */
    Emotion read(Explanation explanation);
}
