package io.migr.perception.voice;

import io.migr.perception.voice.FrameMeter.Spectra;
import java.util.stream.IntStream;

/**
 * All that is known of the frames of a clip.
 *
 * @param speech frames with speech
 * @param pitch fundamental frequency
 * @param spectra level, spectral balance and change
 * @param floor noise floor, dB re full scale
 */
record VoiceFrames(boolean[] speech, PitchPath pitch, Spectra spectra, double floor) {
    /** Below this height of the autocorrelation a fundamental frequency is not used. */
    private static final double STRENGTH = 0.6;

    /** Quieter frames, dB re full scale, count as unvoiced; what codecs and removed hum leave lies there. */
    private static final double AUDIBLE = -75;

    /** Below the steps of 16-bit samples. */
    private static final double LOWEST_FLOOR = -96;

    private static final int ENOUGH = 10;

    /** Measures the noise floor; there is at least one frame. */
    static VoiceFrames of(boolean[] speech, PitchPath pitch, Spectra spectra) {
        double[] level = spectra.level();
        double[] between = IntStream.range(0, speech.length)
                .filter(w -> !speech[w] && pitch.strength()[w] < STRENGTH)
                .mapToDouble(w -> level[w])
                .toArray();
        // in speech without a pause the gaps within words are the nearest there is to silence
        double floor = between.length >= ENOUGH ? new Quantiles(between).at(0.1) : new Quantiles(level).at(0.02);
        return new VoiceFrames(speech, pitch, spectra, Math.max(LOWEST_FLOOR, floor));
    }

    int count() {
        return speech.length;
    }

    /** Whether a frame has a fundamental frequency that can be used. */
    boolean voiced(int frame) {
        return pitch.strength()[frame] >= STRENGTH && spectra.level()[frame] >= AUDIBLE;
    }

    /** Fundamental frequency of a voiced frame, semitones above 100 Hz. */
    double semitones(int frame) {
        return 12 * Math.log(pitch.hertz()[frame] / 100) / Math.log(2);
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
