package io.migr.perception.voice;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.SplittableRandom;
import java.util.function.DoubleUnaryOperator;

/** Synthetic sounds at 16 kHz. */
final class Sounds {
    private static final int RATE = VoicePerception.SAMPLE_RATE;

    private Sounds() {}

    /** A sum of harmonics to 5 kHz, the k-th with amplitude 1/k, scaled to a power of 0.01 (-20 dB). */
    static float[] voice(double seconds, DoubleUnaryOperator hertz) {
        double[] x = new double[(int) (seconds * RATE)];
        double phase = 0;
        for (int i = 0; i < x.length; i++) {
            double f0 = hertz.applyAsDouble(i / (double) RATE);
            phase += 2 * Math.PI * f0 / RATE;
            for (int k = 1; k * f0 < 5000; k++) {
                x[i] += Math.sin(k * phase + k * k) / k;
            }
        }
        return scaled(x, 0.1);
    }

    static float[] tone(double seconds, double hertz, double amplitude) {
        float[] x = new float[(int) (seconds * RATE)];
        for (int i = 0; i < x.length; i++) {
            x[i] = (float) (amplitude * Math.sin(2 * Math.PI * hertz * i / RATE));
        }
        return x;
    }

    /** White noise of an effective amplitude. */
    static float[] noise(double seconds, double amplitude, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        double[] x = new double[(int) (seconds * RATE)];
        for (int i = 0; i < x.length; i++) {
            x[i] = random.nextGaussian();
        }
        return scaled(x, amplitude);
    }

    /** 120, 240 and 360 Hz of the same amplitude, together of an effective amplitude. */
    static float[] hum(double seconds, double amplitude) {
        double each = amplitude * Math.sqrt(2 / 3.0);
        return sum(tone(seconds, 120, each), tone(seconds, 240, each), tone(seconds, 360, each));
    }

    static float[] sum(float[]... sounds) {
        float[] sum = sounds[0].clone();
        for (int s = 1; s < sounds.length; s++) {
            for (int i = 0; i < sum.length; i++) {
                sum[i] += sounds[s][i];
            }
        }
        return sum;
    }

    /** One after the other. */
    static float[] sequence(float[]... sounds) {
        int length = 0;
        for (float[] sound : sounds) {
            length += sound.length;
        }
        float[] all = new float[length];
        int at = 0;
        for (float[] sound : sounds) {
            System.arraycopy(sound, 0, all, at, sound.length);
            at += sound.length;
        }
        return all;
    }

    static float[] silence(double seconds) {
        return new float[(int) (seconds * RATE)];
    }

    /** Little-endian floats from the test resources. */
    static float[] resource(String name) {
        try (InputStream in = Sounds.class.getResourceAsStream(name)) {
            ByteBuffer bytes = ByteBuffer.wrap(in.readAllBytes()).order(ByteOrder.LITTLE_ENDIAN);
            float[] values = new float[bytes.remaining() / 4];
            bytes.asFloatBuffer().get(values);
            return values;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static float[] scaled(double[] x, double amplitude) {
        double power = 0;
        for (double v : x) {
            power += v * v / x.length;
        }
        float[] scaled = new float[x.length];
        for (int i = 0; i < x.length; i++) {
            scaled[i] = (float) (x[i] * amplitude / Math.sqrt(power));
        }
        return scaled;
    }
}
