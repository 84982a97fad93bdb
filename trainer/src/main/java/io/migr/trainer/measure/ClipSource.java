package io.migr.trainer.measure;

import java.util.List;

/** Clips to be measured on, made a few at a time. */
public interface ClipSource {

    /** How many there are. */
    int size();

    /**
     * Makes clips {@code from} to {@code to}.
     *
     * @return fewer where some cannot be used; the source keeps the account of these
     * @throws InterruptedException when interrupted while a decoder runs
     */
    List<Sample> read(int from, int to) throws InterruptedException;
}
