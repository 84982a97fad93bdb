package io.migr.features;

/** Turns a media file's bytes into features. Implementations are thread-safe. */
public interface FeatureExtractor {

    /**
     * Decodes and measures one clip.
     *
     * @param media the bytes of a complete media file
     * @throws MediaRejectedException if neither track can be used or a limit is exceeded
     * @throws InterruptedException if interrupted while the decoder runs; the decoder is killed
     */
    ClipFeatures extract(byte[] media) throws MediaRejectedException, InterruptedException;
}
