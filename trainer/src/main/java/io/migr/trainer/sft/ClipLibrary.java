package io.migr.trainer.sft;

import io.migr.corpus.CueAnnotation;
import java.io.IOException;

/** Clips to learn from, as the towers read them, and what is known of them. */
public interface ClipLibrary {

    /** What is true of a clip, or was measured in it, as its source says. */
    CueAnnotation annotation(int clip);

    /** One of a clip's eight pictures, {@code [3][size][size]} unsigned bytes. */
    byte[] picture(int clip, int frame) throws IOException;

    /** Log-mel energies of a clip, {@code [128 * 300]}, bin by bin. */
    float[] logMel(int clip) throws IOException;
}
