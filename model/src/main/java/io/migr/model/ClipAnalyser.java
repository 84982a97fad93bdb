package io.migr.model;

import java.util.List;

/**
 * Reads emotion out of clips. Not thread-safe: one thread calls {@link #analyse} and {@link #close}
 * (closing during a running call crashes the JVM).
 */
public interface ClipAnalyser extends AutoCloseable {

    /** Identifies the weights, e.g. {@code tiny-1f0c9a2b}: the model's name and the start of their SHA-256. */
    String version();

    /** Whether it reads pictures and sound; false: what was measured in them is enough. */
    default boolean needsMedia() {
        return true;
    }

    /**
     * Analyses a batch.
     *
     * @return one analysis per clip, in the same order
     * @throws IllegalArgumentException if this model cannot read a clip; the message names the clip and the reason
     */
    Batch analyse(List<ClipInput> clips);

    @Override
    void close();

    /**
     * The results of one batch and the time they took, in milliseconds.
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
