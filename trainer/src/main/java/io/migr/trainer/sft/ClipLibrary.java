package io.migr.trainer.sft;

import io.migr.corpus.CueAnnotation;
import java.io.IOException;

/** Training clips in the form the towers read, with what is known of them. Clips are numbered from 0. */
public interface ClipLibrary extends AutoCloseable {

    /** What is known of a clip: its truth, or what a model measured in it. */
    CueAnnotation annotation(int clip);

    /** One of a clip's eight pictures, {@code [3][size][size]} unsigned bytes. */
    byte[] picture(int clip, int frame) throws IOException;

    /** Log-mel energies of a clip, {@code [128 * frames]}, bin by bin; empty if it has no sound. */
    float[] logMel(int clip) throws IOException;

    @Override
    default void close() throws IOException {}
}
