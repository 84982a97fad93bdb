package io.migr.perception.voice;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.migr.perception.statistics.Quantiles;
import org.junit.jupiter.api.Test;

class IntonationTest {
    @Test
    void theSlopeIsTheMedianOfAllPairsSoAnOutlierDoesNotBendIt() {
        double[] semitones = new double[21];
        for (int i = 0; i < semitones.length; i++) {
            semitones[i] = 5 + 0.03 * i;
        }
        semitones[10] = 17;
        assertEquals(3, Intonation.slope(semitones), 1e-9);
    }

    @Test
    void quantilesAreInterpolated() {
        Quantiles quantiles = new Quantiles(new double[] {4, 1, 3, 2});
        assertEquals(2.5, quantiles.median());
        assertEquals(1, quantiles.at(0));
        assertEquals(4, quantiles.at(1));
        assertEquals(1.3, quantiles.at(0.1), 1e-9);
    }
}
