package io.migr.trainer.sft;

import io.migr.model.network.LogMel;
import io.migr.model.network.MelWindow;
import java.io.IOException;
import java.util.SplittableRandom;

/** Places a clip's sound in the audio tower's window: at its start or, to augment the training data, at random. */
public final class SoundShift {
    private SoundShift() {}

    /**
     * Writes the sound of one clip.
     *
     * @param window frames of the window
     * @param energies receives {@code [bins * window]} as the {@code row}-th of a batch
     * @param random draws how much silence precedes the sound; null: none
     */
    public static void place(
            ClipLibrary library, int clip, int window, float[] energies, int row, SplittableRandom random)
            throws IOException {
        float[] logMel = library.logMel(clip);
        int free = Math.max(0, window - logMel.length / LogMel.BINS);
        int shift = random == null ? 0 : random.nextInt(free + 1);
        MelWindow.place(logMel, LogMel.BINS, energies, row * LogMel.BINS * window, window, shift);
    }
}
