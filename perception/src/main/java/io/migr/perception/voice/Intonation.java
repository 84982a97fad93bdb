package io.migr.perception.voice;

import io.migr.perception.statistics.Quantiles;
import java.util.stream.IntStream;

/**
 * The slope of a fundamental frequency: over each voiced stretch of at least 100 ms the median of the slopes between
 * all its pairs of frames (Theil 1950, Sen 1968), then the mean over stretches by their length.
 */
final class Intonation {
    private static final int SHORTEST = 10;
    private static final double FRAMES_PER_SECOND = VoicePerception.SAMPLE_RATE / (double) FrameMeter.HOP;

    private Intonation() {}

    /**
     * The slope over the frames of a mask, all of which are voiced.
     *
     * @return semitones per second; NaN if no stretch is long enough
     */
    static double slope(boolean[] voiced, VoiceFrames frames) {
        double sum = 0;
        int weight = 0;
        for (Stretch stretch : Stretch.of(voiced, true)) {
            if (stretch.frames() >= SHORTEST) {
                double[] semitones = IntStream.range(stretch.from(), stretch.to())
                        .mapToDouble(frames::semitones)
                        .toArray();
                sum += stretch.frames() * slope(semitones);
                weight += stretch.frames();
            }
        }
        return weight == 0 ? Double.NaN : sum / weight;
    }

    /** Semitones per second between frames. */
    static double slope(double[] semitones) {
        int n = semitones.length;
        double[] slopes = new double[n * (n - 1) / 2];
        int pairs = 0;
        for (int i = 0; i < n; i++) {
            for (int j = i + 1; j < n; j++) {
                slopes[pairs++] = (semitones[j] - semitones[i]) / (j - i) * FRAMES_PER_SECOND;
            }
        }
        return new Quantiles(slopes).median();
    }
}
