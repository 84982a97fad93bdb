package io.migr.model;

import java.util.List;


/**
 * Reads emotion out of clips. Not thread-safe: one thread calls {@link #analyse} and {@link #close}
 * (closing under a running call kills the JVM).
 */
public interface ClipAnalyser extends AutoCloseable {

    /** Names the weights, e.g. {@code tiny-1f0c9a2b}: the model's name and the head of their SHA-256. */
    String version();

    /**
     * Analyses a batch.
     *
     * @return one analysis per clip, in the same order
     * @throws IllegalArgumentException when a clip cannot be read by this model; says which and why
     */
    Batch analyse(List<ClipInput> clips);

    @Override
    void close();

    /**
     * The answers to one batch and what they cost.
     *
     * @param analyses one per clip, in order
     * @param preprocessMs resizing and padding
     * @param encodeMs towers and projectors
     * @param importanceMs evidence heads and modality importance
     * @param decodeMs prefill and decoding
     */
    record Batch(List<Analysis> analyses, float preprocessMs, float encodeMs, float importanceMs, float decodeMs) {
        public Batch {
            analyses = List.copyOf(analyses);
        }
    }
}
