package io.migr.features;

/** A complex Fourier transform of any length whose prime factors are small (400 = 2^4 5^2). Not thread-safe. */
final class Fourier {
    private final int size;
    private final double[] cosine;
    private final double[] sine;

    Fourier(int size) {
        this.size = size;
        cosine = new double[size];
        sine = new double[size];
        for (int i = 0; i < size; i++) {
            cosine[i] = Math.cos(2 * Math.PI * i / size);
            sine[i] = -Math.sin(2 * Math.PI * i / size);
        }
    }

    /**
     * The power spectrum of a real signal.
     *
     * @param signal {@code size} samples
     * @return |X_k|^2 for k = 0..size/2
     */
    double[] power(double[] signal) {
        double[] re = new double[size];
        double[] im = new double[size];
        transform(signal, 0, 1, size, re, im, 0);
        double[] power = new double[size / 2 + 1];
        for (int k = 0; k < power.length; k++) {
            power[k] = re[k] * re[k] + im[k] * im[k];
        }
        return power;
    }

    /** Transforms the {@code n} samples at from, from + stride, ... into {@code re, im} at {@code to}. */
    private void transform(double[] in, int from, int stride, int n, double[] re, double[] im, int to) {
        if (n == 1) {
            re[to] = in[from];
            im[to] = 0;
            return;
        }
        int radix = smallestFactor(n);
        int m = n / radix;
        for (int r = 0; r < radix; r++) {
            transform(in, from + r * stride, stride * radix, m, re, im, to + r * m);
        }
        double[] partRe = new double[radix];
        double[] partIm = new double[radix];
        int step = size / n;
        for (int k = 0; k < m; k++) {
            for (int r = 0; r < radix; r++) {
                int w = r * k * step % size;
                double a = re[to + r * m + k];
                double b = im[to + r * m + k];
                partRe[r] = a * cosine[w] - b * sine[w];
                partIm[r] = a * sine[w] + b * cosine[w];
            }
            for (int q = 0; q < radix; q++) {
                double sumRe = 0;
                double sumIm = 0;
                for (int r = 0; r < radix; r++) {
                    int w = (int) ((long) r * q * (size / radix) % size);
                    sumRe += partRe[r] * cosine[w] - partIm[r] * sine[w];
                    sumIm += partRe[r] * sine[w] + partIm[r] * cosine[w];
                }
                re[to + q * m + k] = sumRe;
                im[to + q * m + k] = sumIm;
            }
        }
    }

    private static int smallestFactor(int n) {
        for (int p = 2; p * p <= n; p++) {
            if (n % p == 0) {
                return p;
            }
        }
        return n;
    }
}
