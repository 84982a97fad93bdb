package io.migr.schemas;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class Float16Test {

    @Test
    void all16BitNumbersComeBack() {
        for (int bits = 0; bits < 0x10000; bits++) {
            float value = Float16.toFloat((short) bits);
            if (!Float.isNaN(value)) {
                assertEquals((short) bits, Float16.of(value), "bits " + bits);
            }
        }
    }

    @Test
    void roundsToTheNearest() {
        for (float value : new float[] {0, 1, -1.5f, 0.333f, 1e-5f, 65504, 3.1415927f}) {
            short bits = Float16.of(value);
            double back = (bits & 0x7c00) == 0
                    ? (bits & 1023) * Math.pow(2, -24)
                    : (1 + (bits & 1023) / 1024.0) * Math.pow(2, (bits >> 10 & 31) - 15);
            assertEquals(Math.abs(value), back, Math.max(Math.abs(value) / 2048, 3e-8), String.valueOf(value));
        }
    }

    @Test
    void tiesGoToTheEvenNeighbour() {
        assertEquals(Float16.of(2048f), Float16.of(2049f));
        assertEquals(Float16.of(2052f), Float16.of(2051f));
        // 2^-25 lies between 0 and the smallest number above it, 2^-24
        assertEquals(0, Float16.of(0x1p-25f));
    }

    @Test
    void whatIsJustAboveATieIsRoundedUp() {
        assertEquals(1, Float16.of(Math.nextUp(0x1p-25f)));
        assertEquals(3, Float16.of(Math.nextUp(2.5f * 0x1p-24f)));
    }

    @Test
    void beyondTheLargestNumberIsInfinityAndNanStaysNan() {
        assertEquals(65504f, Float16.toFloat(Float16.of(65519f)));
        assertEquals(Float.POSITIVE_INFINITY, Float16.toFloat(Float16.of(70000f)));
        assertEquals(Float.NEGATIVE_INFINITY, Float16.toFloat(Float16.of(-70000f)));
        assertTrue(Float.isNaN(Float16.toFloat(Float16.of(Float.NaN))));
    }
}
