package io.migr.perception.voice;

/**
 * Finds and removes mains hum: harmonics of 50 or 60 Hz that keep frequency and phase for the whole clip, as no voice
 * does.
 *
 * <p>For each of the first eight harmonics, z_i = 2 mean(x e^(-j 2 pi f t)) over eighths of the clip, f where |mean z|
 * is largest within 0.4 Hz of the harmonic. It is hum if |mean z| > {@value #FAINTEST} of full scale and
 * |mean z| / sqrt(mean |z|^2) > {@value #COHERENCE}. Then Re(mean z e^(j 2 pi f t)) is subtracted at the harmonics of
 * the same base up to the sixteenth with a coherence of at least {@value #HIDDEN}, since a voice may hide some of it.
 *
 * @param samples the sound without the hum
 * @param level power of the hum, dB re full scale (a full-scale sine is -3); negative infinity if there is none
 */
record MainsHum(float[] samples, double level) {
    private static final double COHERENCE = 0.9;
    private static final double HIDDEN = 0.7;
    private static final double FAINTEST = 2e-4;
    private static final int SEARCHED = 8;
    private static final int REMOVED = 16;
    private static final int PARTS = 8;
    private static final double REACH = 0.4;
    private static final double STEP = 0.05;
    private static final int RATE = VoicePerception.SAMPLE_RATE;
    /** The search needs nothing above 500 Hz, so this many samples are averaged first. */
    private static final int DECIMATION = 8;
    /** 50 ms of decimated samples are turned by the nominal frequency and summed; the search turns only the sums. */
    private static final int BLOCK = RATE / DECIMATION / 20;
    /** Over less time a harmonic cannot be told from a note of a voice. */
    private static final int SHORTEST = RATE;

    /** A complex amplitude at a frequency in Hz, and how steady its phase is, 0..1. */
    private record Line(double frequency, double real, double imaginary, double coherence) {
        double amplitude() {
            return Math.hypot(real, imaginary);
        }

        boolean hum() {
            return coherence > COHERENCE && amplitude() > FAINTEST;
        }
    }

    /** Removes the hum from a clip; a clip of less than a second is left as it is. */
    static MainsHum removed(float[] samples) {
        if (samples.length < SHORTEST) {
            return new MainsHum(samples, Double.NEGATIVE_INFINITY);
        }
        float[] clean = samples.clone();
        double power = 0;
        for (int base = 50; base <= 60; base += 10) {
            // the second base is looked for in what the first leaves: 300 Hz belong to both
            double[] decimated = decimated(clean);
            double exact = exactBase(decimated, base);
            for (int k = 1; exact > 0 && k <= REMOVED; k++) {
                if (new Blocks(decimated, k * exact).line(0).coherence >= HIDDEN) {
                    power += subtract(k * exact, clean);
                }
            }
        }
        return new MainsHum(clean, 10 * Math.log10(power));
    }

    private static double[] decimated(float[] samples) {
        double[] decimated = new double[samples.length / DECIMATION];
        for (int i = 0; i < decimated.length * DECIMATION; i++) {
            decimated[i / DECIMATION] += samples[i] / (double) DECIMATION;
        }
        return decimated;
    }

    /** The frequency of the mains by its highest harmonic that is hum, which gives it best; 0 if none is. */
    private static double exactBase(double[] decimated, int base) {
        double exact = 0;
        for (int k = 1; k <= SEARCHED; k++) {
            Line line = strongest(decimated, k * base);
            exact = line.hum() ? line.frequency / k : exact;
        }
        return exact;
    }

    private static Line strongest(double[] decimated, double harmonic) {
        Blocks blocks = new Blocks(decimated, harmonic);
        Line best = new Line(harmonic, 0, 0, 0);
        for (double offset = -REACH; offset <= REACH; offset += STEP) {
            Line line = blocks.line(offset);
            best = line.amplitude() > best.amplitude() ? line : best;
        }
        double offset = best.frequency - harmonic;
        double below = blocks.line(offset - STEP).amplitude();
        double above = blocks.line(offset + STEP).amplitude();
        double bend = below - 2 * best.amplitude() + above;
        double shift = bend < 0 ? Math.max(-0.5, Math.min(0.5, 0.5 * (below - above) / bend)) : 0;
        return blocks.line(offset + shift * STEP);
    }

    /** Means over blocks of the sound turned by one frequency. */
    private static final class Blocks {
        final double frequency;
        final double[] real;
        final double[] imaginary;

        Blocks(double[] decimated, double frequency) {
            this.frequency = frequency;
            real = new double[decimated.length / BLOCK];
            imaginary = new double[real.length];
            double turn = 2 * Math.PI * frequency * DECIMATION / RATE;
            double cos = Math.cos(turn);
            double sin = Math.sin(turn);
            double c = 1;
            double s = 0;
            for (int i = 0; i < real.length * BLOCK; i++) {
                real[i / BLOCK] += 2 * decimated[i] * c / BLOCK;
                imaginary[i / BLOCK] -= 2 * decimated[i] * s / BLOCK;
                double next = c * cos - s * sin;
                s = s * cos + c * sin;
                c = next;
            }
        }

        /** The line at an offset in Hz from the frequency. */
        Line line(double offset) {
            int part = real.length / PARTS;
            double sumReal = 0;
            double sumImaginary = 0;
            double power = 0;
            for (int p = 0; p < PARTS; p++) {
                double partReal = 0;
                double partImaginary = 0;
                for (int b = p * part; b < (p + 1) * part; b++) {
                    double angle = 2 * Math.PI * offset * b * BLOCK * DECIMATION / RATE;
                    double c = Math.cos(angle);
                    double s = Math.sin(angle);
                    partReal += (real[b] * c + imaginary[b] * s) / part;
                    partImaginary += (imaginary[b] * c - real[b] * s) / part;
                }
                sumReal += partReal / PARTS;
                sumImaginary += partImaginary / PARTS;
                power += (partReal * partReal + partImaginary * partImaginary) / PARTS;
            }
            double coherence = Math.hypot(sumReal, sumImaginary) / Math.sqrt(power + 1e-30);
            return new Line(frequency + offset, sumReal, sumImaginary, coherence);
        }
    }

    /** Subtracts what the samples hold at a frequency in Hz, and returns its power. */
    private static double subtract(double frequency, float[] samples) {
        double turn = 2 * Math.PI * frequency / RATE;
        double[] cos = new double[samples.length];
        double[] sin = new double[samples.length];
        double real = 0;
        double imaginary = 0;
        for (int i = 0; i < samples.length; i++) {
            cos[i] = Math.cos(turn * i);
            sin[i] = Math.sin(turn * i);
            real += 2 * samples[i] * cos[i] / samples.length;
            imaginary += 2 * samples[i] * sin[i] / samples.length;
        }
        for (int i = 0; i < samples.length; i++) {
            samples[i] -= (float) (real * cos[i] + imaginary * sin[i]);
        }
        return (real * real + imaginary * imaginary) / 2;
    }
}
