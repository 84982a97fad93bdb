package io.migr.evaluation.measure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

final class WilsonTest {
    private static void assertInterval(int hits, int n, double low, double high) {
        Interval interval = Wilson.of(hits, n);
        assertEquals(hits / (double) n, interval.value(), 1e-12);
        assertEquals(low, interval.low(), 5e-4);
        assertEquals(high, interval.high(), 5e-4);
    }

    @Test
    void knownIntervals() {
        assertInterval(8, 10, 0.490, 0.943);
        assertInterval(0, 5, 0, 0.4345);
        assertInterval(5, 5, 0.5655, 1);
    }

    @Test
    void nothingIsKnownWithoutClips() {
        assertTrue(Double.isNaN(Wilson.of(0, 0).low()));
    }

    @Test
    void moreHitsThanClipsAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> Wilson.of(6, 5));
    }
}
