package io.migr.model.network;

import io.migr.engine.Half;
import java.util.Arrays;

/**
 * Fits log-mel energies of any length into the audio tower's window, for serving and training alike. Energies are
 * rounded to half floats, which is how the files of training clips and requests of earlier versions hold them. The rest
 * of the window is what Whisper's preprocessing makes of silence there: 8 decades below the clip's loudest bin, and not
 * below 1e-10.
 */
public final class MelWindow {
    /** 8 decades on Whisper's scale. */
    private static final float DEPTH = 2f;
    /** log10(1e-10) on Whisper's scale. */
    private static final float LOWEST = -1.5f;

    private MelWindow() {}

    /**
     * The energies of which a window can show something.
     *
     * @param logMel {@code [bins][frames]}; null: there is no sound
     * @return {@code [bins * min(frames, window)]}, bin by bin; empty if there is no sound
     */
    public static float[] flat(float[][] logMel, int window) {
        if (logMel == null) {
            return new float[0];
        }
        int frames = Math.min(logMel[0].length, window);
        float[] flat = new float[logMel.length * frames];
        for (int bin = 0; bin < logMel.length; bin++) {
            System.arraycopy(logMel[bin], 0, flat, bin * frames, frames);
        }
        return flat;
    }

    /**
     * Writes one clip's energies; zeros if there is no sound.
     *
     * @param energies {@code [bins * frames]}, bin by bin, as from {@link #flat}
     * @param out receives {@code [bins * window]} from {@code offset} on
     * @param shift frames of silence before the clip; clips that are too long are cut at the window's end
     */
    public static void place(float[] energies, int bins, float[] out, int offset, int window, int shift) {
        if (energies.length == 0) {
            Arrays.fill(out, offset, offset + bins * window, 0);
            return;
        }
        float loudest = Float.NEGATIVE_INFINITY;
        for (float energy : energies) {
            loudest = Math.max(loudest, energy);
        }
        Arrays.fill(out, offset, offset + bins * window, Math.max(rounded(loudest) - DEPTH, LOWEST));
        int frames = energies.length / bins;
        int kept = Math.min(frames, window - shift);
        for (int bin = 0; bin < bins; bin++) {
            for (int t = 0; t < kept; t++) {
                out[offset + bin * window + shift + t] = rounded(energies[bin * frames + t]);
            }
        }
    }

    private static float rounded(float energy) {
        return Half.toFloat(Half.of(energy));
    }
}
