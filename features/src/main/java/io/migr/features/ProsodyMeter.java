package io.migr.features;

import java.util.Arrays;

/**
 * Measures prosody on 40 ms windows every 10 ms. A window is voiced when its normalised autocorrelation, after a
 * high-pass that takes rumble out, has a peak of at least {@value #VOICING} between 60 and 500 Hz and its level is
 * within {@value #DEPTH_DB} dB of the loud windows. Fundamental frequency as in Boersma 1993: the autocorrelation is
 * divided by that of the window.
 */
public final class ProsodyMeter {
    private static final double VOICING = 0.55;
    private static final double DEPTH_DB = 30;
    private static final int RATE = LogMel.SAMPLE_RATE;
    private static final int WINDOW = RATE / 25;
    private static final int HOP = RATE / 100;
    private static final int SHORTEST_LAG = RATE / 500;
    private static final int LONGEST_LAG = RATE / 60;
    /** Transform length, long enough that a window does not wrap around onto itself at the longest lag. */
    private static final int CIRCLE = 1024;
    /** Shorter runs of voiced windows are dropped as accidental. */
    private static final int SHORTEST_RUN = 4;

    private static final double[] HANN = new double[WINDOW];
    private static final double[] HANN_CORRELATION = new double[LONGEST_LAG + 2];

    static {
        for (int i = 0; i < WINDOW; i++) {
            HANN[i] = 0.5 - 0.5 * Math.cos(2 * Math.PI * (i + 0.5) / WINDOW);
        }
        for (int lag = 0; lag < HANN_CORRELATION.length; lag++) {
            for (int i = 0; i + lag < WINDOW; i++) {
                HANN_CORRELATION[lag] += HANN[i] * HANN[i + lag];
            }
        }
        for (int lag = HANN_CORRELATION.length - 1; lag >= 0; lag--) {
            HANN_CORRELATION[lag] /= HANN_CORRELATION[0];
        }
    }

    private ProsodyMeter() {}

    /**
     * Measures the prosody of a whole clip.
     *
     * @param samples mono at 16 kHz, -1..1
     */
    public static Prosody measure(float[] samples) {
        int windows = Math.max(0, (samples.length - WINDOW) / HOP + 1);
        double[] level = new double[windows];
        double[] f0 = new double[windows];
        double[] high = highPassed(samples);
        for (int w = 0; w < windows; w++) {
            level[w] = levelDb(high, w * HOP);
        }
        double[] sorted = level.clone();
        Arrays.sort(sorted);
        double loud = windows == 0 ? -200 : sorted[(int) (0.95 * (windows - 1))];
        Fourier fourier = new Fourier(CIRCLE);
        for (int w = 0; w < windows; w++) {
            boolean audible = level[w] > Math.max(-75, loud - DEPTH_DB);
            f0[w] = audible ? fundamental(fourier, high, w * HOP) : 0;
        }
        dropShortRuns(f0);
        return summary(level, f0);
    }

    private static double[] highPassed(float[] samples) {
        double[] out = new double[samples.length];
        for (int i = 1; i < out.length; i++) {
            out[i] = samples[i] - samples[i - 1] + 0.97 * out[i - 1];
        }
        return out;
    }

    private static double levelDb(double[] samples, int from) {
        double sum = 1e-12;
        for (int i = 0; i < WINDOW; i++) {
            sum += samples[from + i] * samples[from + i];
        }
        return 10 * Math.log10(sum / WINDOW);
    }

    /** The fundamental frequency of one window, Hz; 0 if it is unvoiced. */
    private static double fundamental(Fourier fourier, double[] samples, int from) {
        double[] x = new double[CIRCLE];
        for (int i = 0; i < WINDOW; i++) {
            x[i] = samples[from + i] * HANN[i];
        }
        double[] r = new double[LONGEST_LAG + 2];
        fourier.autocorrelation(x, r);
        double zero = r[0];
        if (zero < 1e-10) {
            return 0;
        }
        for (int lag = SHORTEST_LAG - 1; lag < r.length; lag++) {
            r[lag] = r[lag] / zero / HANN_CORRELATION[lag];
        }
        int best = 0;
        double bestScore = 0;
        for (int lag = SHORTEST_LAG; lag <= LONGEST_LAG; lag++) {
            // a small bonus for shorter lags avoids results that are an octave too low
            double score = r[lag] - 0.03 * Math.log(lag / (double) SHORTEST_LAG);
            if (r[lag] >= r[lag - 1] && r[lag] >= r[lag + 1] && score > bestScore) {
                best = lag;
                bestScore = score;
            }
        }
        if (best == 0 || r[best] < VOICING) {
            return 0;
        }
        double bend = r[best - 1] - 2 * r[best] + r[best + 1];
        double shift = bend == 0 ? 0 : 0.5 * (r[best - 1] - r[best + 1]) / bend;
        return RATE / (best + shift);
    }

    private static void dropShortRuns(double[] f0) {
        int start = 0;
        for (int w = 0; w <= f0.length; w++) {
            boolean joins = w < f0.length && f0[w] > 0 && (w == start || Math.abs(Math.log(f0[w] / f0[w - 1])) < 0.25);
            if (!joins) {
                if (w - start < SHORTEST_RUN) {
                    Arrays.fill(f0, start, Math.min(w, f0.length), 0);
                }
                start = w < f0.length && f0[w] > 0 ? w : w + 1;
            }
        }
    }

    private static Prosody summary(double[] level, double[] f0) {
        double[] voiced = Arrays.stream(f0).filter(f -> f > 0).sorted().toArray();
        if (voiced.length == 0) {
            return new Prosody(0, Float.NaN, Float.NaN, Float.NaN, Float.NaN, Float.NaN, Float.NaN);
        }
        int first = 0;
        int last = f0.length - 1;
        while (f0[first] == 0) {
            first++;
        }
        while (f0[last] == 0) {
            last--;
        }
        double power = 0;
        double difference = 0;
        double period = 0;
        int pairs = 0;
        for (int w = first; w <= last; w++) {
            power += f0[w] > 0 ? Math.pow(10, level[w] / 10) : 0;
            if (w > first && f0[w] > 0 && f0[w - 1] > 0) {
                difference += Math.abs(1 / f0[w] - 1 / f0[w - 1]);
                period += 1 / f0[w];
                pairs++;
            }
        }
        int span = last - first + 1;
        double low = voiced[(int) (0.05 * (voiced.length - 1))];
        double high = voiced[(int) (0.95 * (voiced.length - 1))];
        return new Prosody(
                voiced.length / (float) f0.length,
                (float) voiced[voiced.length / 2],
                (float) (12 * Math.log(high / low) / Math.log(2)),
                (float) (10 * Math.log10(power / voiced.length)),
                (float) (100.0 * nuclei(level, f0, first, last) / span),
                pauses(f0, first, last) / (float) span,
                pairs == 0 ? Float.NaN : (float) (100 * difference / period));
    }

    /** Syllable nuclei: voiced peaks of level with dips of 2 dB between them, as in de Jong and Wempe 2009. */
    private static int nuclei(double[] level, double[] f0, int first, int last) {
        int count = 0;
        double dip = Double.NEGATIVE_INFINITY;
        double peak = Double.NEGATIVE_INFINITY;
        boolean rising = true;
        for (int w = first; w <= last; w++) {
            double smooth = (level[Math.max(first, w - 1)] + level[w] + level[Math.min(last, w + 1)]) / 3;
            if (rising) {
                peak = Math.max(peak, f0[w] > 0 ? smooth : Double.NEGATIVE_INFINITY);
                if (peak > Double.NEGATIVE_INFINITY && smooth < peak - 2) {
                    count++;
                    rising = false;
                    dip = smooth;
                }
            } else {
                dip = Math.min(dip, smooth);
                if (smooth > dip + 2) {
                    rising = true;
                    peak = Double.NEGATIVE_INFINITY;
                }
            }
        }
        return Math.max(1, count + (rising && peak > Double.NEGATIVE_INFINITY ? 1 : 0));
    }

    /** The number of windows in gaps of at least 150 ms. */
    private static int pauses(double[] f0, int first, int last) {
        int silent = 0;
        int run = 0;
        for (int w = first; w <= last; w++) {
            run = f0[w] > 0 ? 0 : run + 1;
            silent += run == 15 ? 15 : run > 15 ? 1 : 0;
        }
        return silent;
    }
}
