package io.migr.evaluation.measure;

import java.util.List;

/** Supplies the clips that a model is measured on, a few at a time. */
public interface ClipSource {

    /** Number of clips. */
    int size();

    /**
     * Decodes or renders the clips with these numbers.
     *
     * @param from number of the first clip, counted from 0
     * @param to number after the last, at most {@link #size}
     * @return the usable clips in order, which may be fewer; a source with unusable clips keeps a list of them
     * @throws InterruptedException if the thread is interrupted while clips are decoded
     */
    List<EvaluationClip> read(int from, int to) throws InterruptedException;
}
