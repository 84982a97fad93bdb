package io.migr.corpus;

import io.migr.features.FrameSampler;
import io.migr.features.Jpeg;
import io.migr.model.ClipInput;
import io.migr.model.network.LogMel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A clip in the form the pipeline passes to the model, made without encoding and decoding a video: eight uniformly
 * sampled pictures as JPEG of varying size and quality, and the log-mel energies of the sound.
 *
 * @param truth the ground truth
 * @param input pictures, log-mel energies and whether somebody speaks; perception hears the same
 * @param units intensity 0..1 of each of {@link DrawnFaceCues#UNITS} in each picture, {@code [8][units]}
 */
public record RenderedClip(ClipTruth truth, ClipInput input, float[][] units) {
    /** Pictures per clip. */
    public static final int FRAMES = 8;

    private static final int[] SIZES = {128, 160, 224};

    /** Renders the clip of a seed; always the same bytes. */
    public static RenderedClip of(long seed, LogMel logMel) {
        return of(seed, Capture.CLEAN, logMel);
    }

    /** Renders the clip of a seed under the given capture conditions; always the same bytes. */
    public static RenderedClip of(long seed, Capture capture, LogMel logMel) {
        Clip clip = Clip.of(seed, capture);
        SplittableRandom random = new SplittableRandom(seed * 0x94D049BB133111EBL + 3);
        boolean unusual = Split.of(seed) == Split.OOD;
        int size = SIZES[random.nextInt(SIZES.length)];
        float quality = (float) (unusual ? 0.15 : 0.5 + 0.45 * random.nextDouble());
        List<byte[]> frames = new ArrayList<>();
        for (double seconds : times()) {
            frames.add(Jpeg.of(clip.picture(seconds, size), quality));
        }
        float[] samples = clip.samples();
        boolean speaks = clip.truth().voice() != null;
        return new RenderedClip(clip.truth(), new ClipInput(frames, logMel.of(samples), speaks), units(clip));
    }

    /** Intensity 0..1 of each unit in each picture of a clip, {@code [8][units]}, without rendering it. */
    public static float[][] units(Clip clip) {
        double[] times = times();
        float[][] units = new float[FRAMES][DrawnFaceCues.UNITS.length];
        for (int f = 0; f < FRAMES; f++) {
            double[] exact = clip.units(times[f]);
            for (int i = 0; i < exact.length; i++) {
                units[f][i] = (float) exact[i];
            }
        }
        return units;
    }

    private static double[] times() {
        int available = (int) (Clip.SECONDS * Clip.FRAMES_PER_SECOND);
        return Arrays.stream(FrameSampler.uniform(available, FRAMES))
                .mapToDouble(index -> index / (double) Clip.FRAMES_PER_SECOND)
                .toArray();
    }
}
