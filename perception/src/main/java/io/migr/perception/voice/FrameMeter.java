package io.migr.perception.voice;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.migr.engine.Kernel;
import io.migr.engine.KernelText;
import io.migr.engine.Kernels;

/**
 * Measures frames of 40 ms every 10 ms, the first centred at 20 ms. All frames of a clip are measured in one
 * native call. Not thread-safe.
 */
final class FrameMeter {
    /** Samples at 16 kHz between frames. */
    static final int HOP = 160;

    private static final int WINDOW = 640;
    private static final int PITCH_WINDOW = 800;
    private static final int MARGIN = (PITCH_WINDOW - WINDOW) / 2;
    private static final int LINE_FROM = 16;
    private static final int LINE_TO = 400;
    private static final int PERIOD_FROM = 32;
    private static final int PERIOD_TO = 267;
    private static final KernelText TEXT = KernelText.load(FrameMeter.class, "frames.torchscript");
    private static final Kernel AUTOCORRELATION = TEXT.kernel("autocorrelation");
    private static final Kernel SPECTRA = TEXT.kernel("spectra");

    /**
     * Measures of each frame.
     *
     * @param level mean square, dB re full scale
     * @param alpha power in 1 to 3.4 kHz over power in 50 to 1000 Hz, dB
     * @param hammarberg strongest line below 2 kHz over the strongest in 2 to 5 kHz, dB
     * @param cpp height of the cepstral peak between 1/500 and 1/60 s over the regression line, dB (Hillenbrand 1994)
     * @param flux mean over 32 bands to 5 kHz of |difference to the frame before of the log magnitude|
     */
    record Spectra(double[] level, double[] alpha, double[] hammarberg, double[] cpp, double[] flux) {}

    /**
     * Normalised autocorrelation of each frame.
     *
     * @param peak largest magnitude in the middle 25 ms
     * @param r one row per frame, by lag in samples; r(0) = 1 unless the frame is silent
     */
    record Correlation(float[] peak, float[][] r) {}

    private final NDManager manager;
    private final Kernels kernels;
    private final NDArray hann;
    private final NDArray trend;
    private final NDArray pitchHann;
    private final NDArray pitchCorrelation;

    FrameMeter(NDManager manager, Kernels kernels) {
        this.manager = manager;
        this.kernels = kernels;
        hann = manager.create(hann(WINDOW));
        trend = manager.create(trend(), new Shape(LINE_TO - LINE_FROM, PERIOD_TO - PERIOD_FROM));
        float[] window = hann(PITCH_WINDOW);
        pitchHann = manager.create(window);
        pitchCorrelation = manager.create(windowCorrelation(window));
    }

    /** The number of frames in so many samples. */
    static int frames(int samples) {
        return samples < WINDOW ? 0 : (samples - WINDOW) / HOP + 1;
    }

    /** Measures all frames of a sound, which has at least one. */
    Spectra spectra(float[] samples) {
        double[][] columns = new double[5][frames(samples.length)];
        try (NDManager scope = manager.newSubManager()) {
            float[] rows = kernels.one(scope, SPECTRA, scope.create(samples), hann, trend)
                    .toFloatArray();
            for (int i = 0; i < rows.length; i++) {
                columns[i % 5][i / 5] = rows[i];
            }
        }
        return new Spectra(columns[0], columns[1], columns[2], columns[3], columns[4]);
    }

    /** The autocorrelation of windows of 50 ms around the same centres, for lags of up to 1/60 s. */
    Correlation correlation(float[] samples) {
        int frames = frames(samples.length);
        float[] padded = new float[samples.length + 2 * MARGIN];
        System.arraycopy(samples, 0, padded, MARGIN, samples.length);
        float[] peak = new float[frames];
        float[][] r = new float[frames][PitchPath.LONGEST_LAG + 2];
        try (NDManager scope = manager.newSubManager()) {
            float[] rows = kernels.one(scope, AUTOCORRELATION, scope.create(padded), pitchHann, pitchCorrelation)
                    .toFloatArray();
            int width = rows.length / frames;
            for (int w = 0; w < frames; w++) {
                peak[w] = rows[w * width];
                System.arraycopy(rows, w * width + 1, r[w], 0, width - 1);
            }
        }
        return new Correlation(peak, r);
    }

    private static float[] hann(int size) {
        float[] window = new float[size];
        for (int i = 0; i < size; i++) {
            window[i] = (float) (0.5 - 0.5 * Math.cos(2 * Math.PI * (i + 0.5) / size));
        }
        return window;
    }

    private static float[] windowCorrelation(float[] window) {
        double[] sums = new double[PitchPath.LONGEST_LAG + 2];
        for (int lag = 0; lag < sums.length; lag++) {
            for (int i = 0; i + lag < window.length; i++) {
                sums[lag] += (double) window[i] * window[i + lag];
            }
        }
        float[] relative = new float[sums.length];
        for (int lag = 0; lag < sums.length; lag++) {
            relative[lag] = (float) (sums[lag] / sums[0]);
        }
        return relative;
    }

    /** The matrix that takes values at LINE_FROM..LINE_TO to their least-squares line at PERIOD_FROM..PERIOD_TO. */
    private static float[] trend() {
        int rows = LINE_TO - LINE_FROM;
        int columns = PERIOD_TO - PERIOD_FROM;
        double mean = (LINE_FROM + LINE_TO - 1) / 2.0;
        double spread = rows * (rows * (double) rows - 1) / 12;
        float[] matrix = new float[rows * columns];
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
                matrix[i * columns + j] =
                        (float) (1.0 / rows + (LINE_FROM + i - mean) * (PERIOD_FROM + j - mean) / spread);
            }
        }
        return matrix;
    }
}
