package io.migr.perception.voice;

import io.migr.perception.statistics.Quantiles;
import io.migr.perception.voice.FrameMeter.Spectra;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * All that is known of the frames of a clip.
 *
 * @param speech frames with speech
 * @param voiced frames with a fundamental frequency that can be used
 * @param pitch fundamental frequency
 * @param spectra level, spectral balance and change
 * @param floor noise floor, dB re full scale
 */
record VoiceFrames(boolean[] speech, boolean[] voiced, PitchPath pitch, Spectra spectra, double floor) {
    /** Below this height of the autocorrelation a fundamental frequency is not used. */
    private static final double STRENGTH = 0.6;

    /** Quieter frames, dB re full scale, count as unvoiced; what codecs and removed hum leave lies there. */
    private static final double AUDIBLE = -75;

    /** Below the steps of 16-bit samples. */
    private static final double LOWEST_FLOOR = -96;

    /** Shorter pieces of a contour, in frames, are mostly noise of a consonant taken for a tone. */
    private static final int SHORTEST = 5;
    /** A contour breaks where it jumps by more than this, semitones. */
    private static final double JUMP = 4;

    private static final int ENOUGH = 10;

    /** Decides which frames are voiced and measures the noise floor; there is at least one frame. */
    static VoiceFrames of(boolean[] speech, PitchPath pitch, Spectra spectra) {
        double[] level = spectra.level();
        double[] between = IntStream.range(0, speech.length)
                .filter(w -> !speech[w] && pitch.strength()[w] < STRENGTH)
                .mapToDouble(w -> level[w])
                .toArray();
        // in speech without a pause the gaps within words are the nearest there is to silence
        double floor = between.length >= ENOUGH ? new Quantiles(between).at(0.1) : new Quantiles(level).at(0.02);
        return new VoiceFrames(speech, voiced(pitch, level), pitch, spectra, Math.max(LOWEST_FLOOR, floor));
    }

    private static boolean[] voiced(PitchPath pitch, double[] level) {
        boolean[] voiced = new boolean[level.length];
        int from = 0;
        for (int w = 0; w <= level.length; w++) {
            boolean usable = w < level.length && pitch.strength()[w] >= STRENGTH && level[w] >= AUDIBLE;
            boolean joins =
                    usable && (w == from || Math.abs(12 * log2(pitch.hertz()[w] / pitch.hertz()[w - 1])) <= JUMP);
            if (!joins) {
                Arrays.fill(voiced, from, w, w - from >= SHORTEST);
                from = usable ? w : w + 1;
            }
        }
        return voiced;
    }

    int count() {
        return speech.length;
    }

    /** Fundamental frequency of a voiced frame, semitones above 100 Hz. */
    double semitones(int frame) {
        return 12 * log2(pitch.hertz()[frame] / 100);
    }

    private static double log2(double x) {
        return Math.log(x) / Math.log(2);
    }

    /** Mean power of some frames, full scale = 1. */
    double power(int[] frames) {
        return IntStream.of(frames)
                .mapToDouble(w -> Math.pow(10, spectra.level()[w] / 10))
                .average()
                .orElse(0);
    }

    double floorPower() {
        return Math.pow(10, floor / 10);
    }
}
