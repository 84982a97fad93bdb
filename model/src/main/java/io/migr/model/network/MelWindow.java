package io.migr.model.network;

import java.util.Arrays;

/**
 * Fits log-mel energies of any length into the audio tower's window. The rest of the window is filled with silence: 8
 * decades below the clip's loudest bin, the floor that padded samples have in Whisper's preprocessing.
 */
public final class MelWindow {
    /** 8 decades on Whisper's scale. */
    private static final float DEPTH = 2f;

    private MelWindow() {}

    /**
     * Writes one clip's energies.
     *
     * @param energies {@code [bins * frames]}, bin by bin
     * @param out receives {@code [bins * window]} from {@code offset} on
     * @param shift frames of silence before the clip; clips that are too long are cut at the window's end
     */
    public static void place(float[] energies, int bins, int frames, float[] out, int offset, int window, int shift) {
        float loudest = Float.NEGATIVE_INFINITY;
        for (float energy : energies) {
            loudest = Math.max(loudest, energy);
        }
        Arrays.fill(out, offset, offset + bins * window, loudest - DEPTH);
        int kept = Math.min(frames, window - shift);
        for (int bin = 0; bin < bins; bin++) {
            System.arraycopy(energies, bin * frames, out, offset + bin * window + shift, kept);
        }
    }
}
