package io.migr.evaluation.measure;

import java.util.List;

/** Clips to measure a model on, made a few at a time. */
public interface ClipSource {

    /** Number of clips. */
    int size();

    /**
     * Makes clips {@code from} to {@code to}.
     *
     * @return the usable clips, which may be fewer; the source records the unusable ones
     * @throws InterruptedException when interrupted while a decoder runs
     */
    List<EvaluationClip> read(int from, int to) throws InterruptedException;
}
