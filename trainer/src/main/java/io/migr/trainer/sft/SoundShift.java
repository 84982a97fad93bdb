package io.migr.trainer.sft;

import io.migr.features.LogMel;
import io.migr.model.network.MelWindow;
import java.io.IOException;
import java.util.SplittableRandom;

/** Places a clip's sound in the audio tower's window: at its start or, to augment the training data, at random. */
public final class SoundShift {
    private SoundShift() {}

    /**
     * Writes the sound of one clip.
     *
     * @param window frames of the window, at least {@link MediaFile#MEL_FRAMES}
     * @param energies receives {@code [bins * window]} as the {@code row}-th of a batch
     * @param random draws how much silence precedes the sound; null: none
     */
    public static void place(
            ClipLibrary library, int clip, int window, float[] energies, int row, SplittableRandom random)
            throws IOException {
        int shift = random == null ? 0 : random.nextInt(window - MediaFile.MEL_FRAMES + 1);
        MelWindow.place(
                library.logMel(clip),
                LogMel.BINS,
                MediaFile.MEL_FRAMES,
                energies,
                row * LogMel.BINS * window,
                window,
                shift);
    }
}
