package io.migr.model.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Compares the power spectrum and the autocorrelation with the sums that define them. */
class FourierTest {

    private static double[] noise(int size) {
        return new SplittableRandom(size).doubles(size, -1, 1).toArray();
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 4, 8, 10, 16, 20, 50, 100, 400, 1024})
    void powerIsTheSquaredMagnitudeOfTheTransform(int size) {
        double[] signal = noise(size);
        double[] power = new double[size / 2 + 1];
        new Fourier(size).power(signal, power);
        for (int k = 0; k <= size / 2; k++) {
            double re = 0;
            double im = 0;
            for (int i = 0; i < size; i++) {
                re += signal[i] * Math.cos(2 * Math.PI * i * k / size);
                im -= signal[i] * Math.sin(2 * Math.PI * i * k / size);
            }
            assertEquals(re * re + im * im, power[k], 1e-9 * size, "frequency " + k);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 50, 1024})
    void autocorrelationIsTheSumOfProducts(int size) {
        double[] signal = noise(size);
        double[] correlation = new double[size / 2];
        new Fourier(size).autocorrelation(signal.clone(), correlation);
        for (int lag = 0; lag < correlation.length; lag++) {
            double sum = 0;
            for (int i = 0; i < size; i++) {
                sum += signal[i] * signal[(i + lag) % size];
            }
            assertEquals(sum, correlation[lag], 1e-10 * size, "lag " + lag);
        }
    }

    @Test
    void otherLengthsAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> new Fourier(25));
        assertThrows(IllegalArgumentException.class, () -> new Fourier(14));
    }
}
