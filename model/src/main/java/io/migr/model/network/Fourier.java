package io.migr.model.network;

/**
 * Computes the Fourier transform of real signals of even length 2^a 5^b: Stockham's self-sorting algorithm on half the
 * length, with pairs of samples as complex numbers. Not thread-safe.
 */
final class Fourier {
    private static final double COS_1 = Math.cos(2 * Math.PI / 5);
    private static final double COS_2 = Math.cos(4 * Math.PI / 5);
    private static final double SIN_1 = Math.sin(2 * Math.PI / 5);
    private static final double SIN_2 = Math.sin(4 * Math.PI / 5);

    private final int half;
    /** cos and -sin of 2 pi i / size. */
    private final double[] cosine;

    private final double[] sine;
    private double[] re;
    private double[] im;
    private double[] nextRe;
    private double[] nextIm;

    Fourier(int size) {
        int rest = size;
        for (int factor : new int[] {2, 5}) {
            while (rest % factor == 0) {
                rest /= factor;
            }
        }
        if (rest != 1 || size % 2 != 0) {
            throw new IllegalArgumentException(
                    "The length of a transform must be even and have no prime factors but 2 and 5, not " + size + ".");
        }
        half = size / 2;
        cosine = new double[size];
        sine = new double[size];
        for (int i = 0; i < size; i++) {
            cosine[i] = Math.cos(2 * Math.PI * i / size);
            sine[i] = -Math.sin(2 * Math.PI * i / size);
        }
        re = new double[half];
        im = new double[half];
        nextRe = new double[half];
        nextIm = new double[half];
    }

    /**
     * The power spectrum of a real signal.
     *
     * @param signal {@code size} samples
     * @param power receives |X_k|^2 for k = 0..size/2
     */
    void power(double[] signal, double[] power) {
        transform(signal);
        for (int k = 0; k <= half; k++) {
            double real = real(k);
            double imaginary = imaginary(k);
            power[k] = real * real + imaginary * imaginary;
        }
    }

    /**
     * The circular autocorrelation, computed as the transform of the power spectrum.
     *
     * @param signal {@code size} samples; it is overwritten
     * @param correlation receives the sums over i of x_i x_(i+lag) for lag 0..correlation.length - 1
     */
    void autocorrelation(double[] signal, double[] correlation) {
        double[] power = new double[half + 1];
        power(signal, power);
        for (int k = 0; k <= half; k++) {
            signal[k] = power[k];
            signal[(2 * half - k) % (2 * half)] = power[k];
        }
        transform(signal);
        for (int lag = 0; lag < correlation.length; lag++) {
            correlation[lag] = real(lag) / (2 * half);
        }
    }

    /** The real part of X_k from the half-length transform Z: the parts of the even and of the odd samples. */
    private double real(int k) {
        int up = k == half ? 0 : k;
        int down = k == 0 ? 0 : half - k;
        double evens = (re[up] + re[down]) / 2;
        return evens + ((im[up] + im[down]) * cosine[k] + (re[up] - re[down]) * sine[k]) / 2;
    }

    private double imaginary(int k) {
        int up = k == half ? 0 : k;
        int down = k == 0 ? 0 : half - k;
        double evens = (im[up] - im[down]) / 2;
        return evens + ((im[up] + im[down]) * sine[k] - (re[up] - re[down]) * cosine[k]) / 2;
    }

    /** Leaves the transform of even samples + i odd samples in {@code re, im}. */
    private void transform(double[] signal) {
        for (int i = 0; i < half; i++) {
            re[i] = signal[2 * i];
            im[i] = signal[2 * i + 1];
        }
        int stride = 1;
        for (int left = half; left > 1; ) {
            int radix = left % 5 == 0 ? 5 : left % 4 == 0 ? 4 : 2;
            left /= radix;
            for (int p = 0; p < left; p++) {
                switch (radix) {
                    case 5 -> radix5(p, left, stride);
                    case 4 -> radix4(p, left, stride);
                    default -> radix2(p, left, stride);
                }
            }
            stride *= radix;
            double[] full = nextRe;
            nextRe = re;
            re = full;
            full = nextIm;
            nextIm = im;
            im = full;
        }
    }

    /** Writes a complex number multiplied by twiddle factor {@code turn}. */
    private void put(int at, double real, double imaginary, int turn) {
        nextRe[at] = real * cosine[turn] - imaginary * sine[turn];
        nextIm[at] = real * sine[turn] + imaginary * cosine[turn];
    }

    /** Radix-2 butterfly {@code p} of {@code count}, for each of {@code stride} interleaved transforms. */
    private void radix2(int p, int count, int stride) {
        int apart = stride * count;
        int turn = 2 * stride * p;
        for (int q = 0; q < stride; q++) {
            int in = stride * p + q;
            int out = stride * 2 * p + q;
            put(out, re[in] + re[in + apart], im[in] + im[in + apart], 0);
            put(out + stride, re[in] - re[in + apart], im[in] - im[in + apart], turn);
        }
    }

    private void radix4(int p, int count, int stride) {
        int apart = stride * count;
        int turn = 2 * stride * p;
        for (int q = 0; q < stride; q++) {
            int in = stride * p + q;
            int out = stride * 4 * p + q;
            double evenRe = re[in] + re[in + 2 * apart];
            double evenIm = im[in] + im[in + 2 * apart];
            double oddRe = re[in + apart] + re[in + 3 * apart];
            double oddIm = im[in + apart] + im[in + 3 * apart];
            double evenGapRe = re[in] - re[in + 2 * apart];
            double evenGapIm = im[in] - im[in + 2 * apart];
            double oddGapRe = re[in + apart] - re[in + 3 * apart];
            double oddGapIm = im[in + apart] - im[in + 3 * apart];
            put(out, evenRe + oddRe, evenIm + oddIm, 0);
            put(out + stride, evenGapRe + oddGapIm, evenGapIm - oddGapRe, turn);
            put(out + 2 * stride, evenRe - oddRe, evenIm - oddIm, 2 * turn);
            put(out + 3 * stride, evenGapRe - oddGapIm, evenGapIm + oddGapRe, 3 * turn);
        }
    }

    private void radix5(int p, int count, int stride) {
        int apart = stride * count;
        int turn = 2 * stride * p;
        for (int q = 0; q < stride; q++) {
            int in = stride * p + q;
            int out = stride * 5 * p + q;
            double outerRe = re[in + apart] + re[in + 4 * apart];
            double outerIm = im[in + apart] + im[in + 4 * apart];
            double innerRe = re[in + 2 * apart] + re[in + 3 * apart];
            double innerIm = im[in + 2 * apart] + im[in + 3 * apart];
            double outerGapRe = re[in + apart] - re[in + 4 * apart];
            double outerGapIm = im[in + apart] - im[in + 4 * apart];
            double innerGapRe = re[in + 2 * apart] - re[in + 3 * apart];
            double innerGapIm = im[in + 2 * apart] - im[in + 3 * apart];
            double nearRe = re[in] + COS_1 * outerRe + COS_2 * innerRe;
            double nearIm = im[in] + COS_1 * outerIm + COS_2 * innerIm;
            double farRe = re[in] + COS_2 * outerRe + COS_1 * innerRe;
            double farIm = im[in] + COS_2 * outerIm + COS_1 * innerIm;
            double nearTurnRe = SIN_1 * outerGapRe + SIN_2 * innerGapRe;
            double nearTurnIm = SIN_1 * outerGapIm + SIN_2 * innerGapIm;
            double farTurnRe = SIN_2 * outerGapRe - SIN_1 * innerGapRe;
            double farTurnIm = SIN_2 * outerGapIm - SIN_1 * innerGapIm;
            put(out, re[in] + outerRe + innerRe, im[in] + outerIm + innerIm, 0);
            put(out + stride, nearRe + nearTurnIm, nearIm - nearTurnRe, turn);
            put(out + 2 * stride, farRe + farTurnIm, farIm - farTurnRe, 2 * turn);
            put(out + 3 * stride, farRe - farTurnIm, farIm + farTurnRe, 3 * turn);
            put(out + 4 * stride, nearRe - nearTurnIm, nearIm + nearTurnRe, 4 * turn);
        }
    }
}
