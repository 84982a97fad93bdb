package io.migr.perception.voice;

import io.migr.perception.statistics.Quantiles;
import io.migr.perception.voice.FrameMeter.Correlation;

/**
 * Fundamental frequency as in Boersma 1993 ("Accurate short-term analysis of the fundamental frequency and the
 * harmonics-to-noise ratio of a sampled sound"): up to {@value #CANDIDATES} peaks of the normalised autocorrelation per
 * frame, one of them or "unvoiced" chosen by the cheapest path through all frames. 60 to 1200 Hz.
 *
 * @param hertz fundamental frequency per frame, 0 where unvoiced
 * @param strength height of the chosen peak per frame, 0..1; 0 where unvoiced
 */
record PitchPath(double[] hertz, double[] strength) {
    private static final int RATE = VoicePerception.SAMPLE_RATE;
    private static final double FLOOR = 60;
    private static final double CEILING = 1200;
    private static final int SHORTEST_LAG = (int) (RATE / CEILING);
    /** Of the autocorrelation, in samples. */
    static final int LONGEST_LAG = (int) (RATE / FLOOR);

    private static final int CANDIDATES = 10;
    private static final double VOICING = 0.45;
    /** In Boersma 1993 a frame is silent below this share of the loudest frame's peak. */
    private static final double SILENCE = 0.03;
    /**
     * Here it is so only if it is also below this many times the noise, which is the peak that {@value #QUIETEST} of the
     * frames stay under, or a step of 16-bit samples: after a shout the rest of a clip would else be silent.
     */
    private static final double OVER_NOISE = 3;

    private static final double QUIETEST = 0.05;
    private static final double STEP = 1 / 32768.0;
    private static final double OCTAVE_COST = 0.01;
    private static final double OCTAVE_JUMP = 0.35;
    private static final double VOICED_UNVOICED = 0.14;

    /** The candidates of one frame; candidate 0 is "unvoiced", with frequency 0. */
    private static final class Candidates {
        final double[] hertz = new double[CANDIDATES + 1];
        final double[] octave = new double[CANDIDATES + 1];
        final double[] height = new double[CANDIDATES + 1];
        /** What the path gains by the candidate. */
        final double[] gain = new double[CANDIDATES + 1];

        int count = 1;

        void add(double frequency, double peak) {
            double above = Math.log(frequency / FLOOR) / Math.log(2);
            double value = peak + OCTAVE_COST * above;
            int slot = count <= CANDIDATES ? count++ : weakest();
            if (value > gain[slot]) {
                hertz[slot] = frequency;
                octave[slot] = above;
                height[slot] = peak;
                gain[slot] = value;
            }
        }

        private int weakest() {
            int at = 1;
            for (int i = 2; i <= CANDIDATES; i++) {
                at = gain[i] < gain[at] ? i : at;
            }
            return at;
        }
    }

    /** The path through the frames of a sound. */
    static PitchPath of(Correlation correlation) {
        int frames = correlation.r().length;
        double silence = silence(correlation.peak());
        Candidates[] candidates = new Candidates[frames];
        for (int w = 0; w < frames; w++) {
            candidates[w] = candidates(correlation.r()[w], correlation.peak()[w] / silence);
        }
        return cheapest(candidates);
    }

    /** The peak at which a frame is silent. */
    private static double silence(float[] peaks) {
        double[] sorted = new double[peaks.length];
        for (int w = 0; w < peaks.length; w++) {
            sorted[w] = Math.max(STEP, peaks[w]);
        }
        Quantiles quantiles = new Quantiles(sorted);
        return Math.min(SILENCE * quantiles.at(1), OVER_NOISE * quantiles.at(QUIETEST));
    }

    /** @param loudness the frame's peak over that of silence */
    private static Candidates candidates(float[] r, double loudness) {
        Candidates found = new Candidates();
        found.gain[0] = VOICING + Math.max(0, 2 - (1 + VOICING) * loudness);
        for (int lag = SHORTEST_LAG; lag <= LONGEST_LAG; lag++) {
            if (r[lag] > 0.5 * VOICING && r[lag] >= r[lag - 1] && r[lag] > r[lag + 1]) {
                double bend = r[lag - 1] - 2 * (double) r[lag] + r[lag + 1];
                double slope = 0.5 * ((double) r[lag - 1] - r[lag + 1]);
                double shift = slope / bend;
                double peak = r[lag] - 0.5 * slope * shift;
                // more than 1 only by rounding and in onsets; folded down as in Boersma's program
                found.add(RATE / (lag + shift), peak > 1 ? 1 / peak : peak);
            }
        }
        return found;
    }

    private static PitchPath cheapest(Candidates[] candidates) {
        int frames = candidates.length;
        int[][] from = new int[frames][CANDIDATES + 1];
        double[] best = new double[CANDIDATES + 1];
        for (int w = 0; w < frames; w++) {
            Candidates here = candidates[w];
            double[] next = new double[CANDIDATES + 1];
            for (int c = 0; c < here.count; c++) {
                double most = w == 0 ? 0 : Double.NEGATIVE_INFINITY;
                for (int p = 0; w > 0 && p < candidates[w - 1].count; p++) {
                    double value = best[p] - step(candidates[w - 1], p, here, c);
                    if (value > most) {
                        most = value;
                        from[w][c] = p;
                    }
                }
                next[c] = most + here.gain[c];
            }
            best = next;
        }
        int at = 0;
        for (int c = 1; frames > 0 && c < candidates[frames - 1].count; c++) {
            at = best[c] > best[at] ? c : at;
        }
        PitchPath path = new PitchPath(new double[frames], new double[frames]);
        for (int w = frames - 1; w >= 0; w--) {
            path.hertz[w] = candidates[w].hertz[at];
            path.strength[w] = candidates[w].height[at];
            at = from[w][at];
        }
        return path;
    }

    /** What the path pays to go from one candidate to one of the next frame. */
    private static double step(Candidates before, int p, Candidates here, int c) {
        if (p == 0 || c == 0) {
            return p == c ? 0 : VOICED_UNVOICED;
        }
        return OCTAVE_JUMP * Math.abs(before.octave[p] - here.octave[c]);
    }
}
