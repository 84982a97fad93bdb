package io.migr.model.network;

import java.util.Arrays;

/**
 * Whisper's log-mel energies: 400-sample periodic Hann windows every 160 samples at 16 kHz, reflected at both ends,
 * power spectrum, 128 Slaney mel bands to 8 kHz, log10 of at least 1e-10, raised to at least 8 below the clip's
 * maximum, then (x + 4) / 4.
 */
public final class LogMel {
    public static final int SAMPLE_RATE = 16_000;
    public static final int BINS = 128;
    public static final int HOP = 160;
    private static final int WINDOW = 400;
    private static final int SPECTRUM = WINDOW / 2 + 1;

    private final double[] hann = new double[WINDOW];
    private final double[][] filters = slaney();
    /** Each filter is a triangle that is zero outside {@code first..last}. */
    private final int[] first = new int[BINS];

    private final int[] last = new int[BINS];
    private final Fourier fourier = new Fourier(WINDOW);

    public LogMel() {
        for (int i = 0; i < WINDOW; i++) {
            hann[i] = 0.5 - 0.5 * Math.cos(2 * Math.PI * i / WINDOW);
        }
        for (int bin = 0; bin < BINS; bin++) {
            while (first[bin] < SPECTRUM - 1 && filters[bin][first[bin]] == 0) {
                first[bin]++;
            }
            last[bin] = SPECTRUM - 1;
            while (last[bin] > first[bin] && filters[bin][last[bin]] == 0) {
                last[bin]--;
            }
        }
    }

    /**
     * Energies of a clip at its own length.
     *
     * @param samples mono at 16 kHz, -1..1, at least half a window
     * @return {@code [128][samples / 160]}
     */
    public float[][] of(float[] samples) {
        if (samples.length <= WINDOW / 2) {
            throw new IllegalArgumentException("A log-mel needs more than " + WINDOW / 2 + " samples, given "
                    + samples.length + " (" + samples.length * 1000 / SAMPLE_RATE + " ms).");
        }
        int frames = samples.length / HOP;
        double[][] energies = new double[BINS][frames];
        double highest = Double.NEGATIVE_INFINITY;
        double[] windowed = new double[WINDOW];
        double[] power = new double[SPECTRUM];
        for (int t = 0; t < frames; t++) {
            for (int i = 0; i < WINDOW; i++) {
                windowed[i] = hann[i] * samples[reflect(t * HOP + i - WINDOW / 2, samples.length)];
            }
            fourier.power(windowed, power);
            for (int bin = 0; bin < BINS; bin++) {
                double sum = 0;
                for (int k = first[bin]; k <= last[bin]; k++) {
                    sum += filters[bin][k] * power[k];
                }
                energies[bin][t] = Math.log10(Math.max(sum, 1e-10));
                highest = Math.max(highest, energies[bin][t]);
            }
        }
        float[][] scaled = new float[BINS][frames];
        for (int bin = 0; bin < BINS; bin++) {
            for (int t = 0; t < frames; t++) {
                scaled[bin][t] = (float) ((Math.max(energies[bin][t], highest - 8) + 4) / 4);
            }
        }
        return scaled;
    }

    /** Energies after padding with silence or cutting to {@code seconds}; released checkpoints expect 30. */
    public float[][] padded(float[] samples, int seconds) {
        return of(Arrays.copyOf(samples, seconds * SAMPLE_RATE));
    }

    private static int reflect(int i, int length) {
        int at = Math.abs(i);
        return at < length ? at : 2 * (length - 1) - at;
    }

    /** The filter bank, {@code [128][201]}. */
    static double[][] slaney() {
        double[] edges = new double[BINS + 2];
        double top = mel(8000);
        for (int i = 0; i < edges.length; i++) {
            edges[i] = hertz(top * i / (BINS + 1));
        }
        double[][] filters = new double[BINS][SPECTRUM];
        for (int bin = 0; bin < BINS; bin++) {
            double area = 2 / (edges[bin + 2] - edges[bin]);
            for (int k = 0; k < SPECTRUM; k++) {
                double frequency = k * (double) SAMPLE_RATE / WINDOW;
                double up = (frequency - edges[bin]) / (edges[bin + 1] - edges[bin]);
                double down = (edges[bin + 2] - frequency) / (edges[bin + 2] - edges[bin + 1]);
                filters[bin][k] = area * Math.max(0, Math.min(up, down));
            }
        }
        return filters;
    }

    /** Slaney's scale: linear to 1 kHz (15 mel), then logarithmic. */
    private static double mel(double hertz) {
        return hertz < 1000 ? hertz * 3 / 200 : 15 + Math.log(hertz / 1000) * 27 / Math.log(6.4);
    }

    private static double hertz(double mel) {
        return mel < 15 ? mel * 200 / 3 : 1000 * Math.exp((mel - 15) * Math.log(6.4) / 27);
    }
}
