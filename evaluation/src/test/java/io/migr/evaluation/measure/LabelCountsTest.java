package io.migr.evaluation.measure;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

final class LabelCountsTest {
    private static final double EXACT = 1e-12;

    @Test
    void ratesMatchHandWorkedNumbers() {
        LabelCounts counts = new LabelCounts(3);
        // label 0: 3 of 4 right, one of these inconsistent; label 2: 1 of 2 right; label 1 never occurs
        counts.add(0, true, false);
        counts.add(0, true, true);
        counts.add(0, true, false);
        counts.add(0, false, true);
        counts.add(2, true, false);
        counts.add(2, false, false);
        assertEquals(6, counts.clips());
        assertEquals(4 / 6.0, counts.war(), EXACT);
        assertEquals((3 / 4.0 + 1 / 2.0) / 2, counts.uar(), EXACT);
        assertEquals(1 / 4.0, counts.ir(), EXACT);
        assertEquals(1 / 6.0, counts.irOfAll(), EXACT);
    }

    @Test
    void aShareOfNothingIsNotANumber() {
        LabelCounts counts = new LabelCounts(2);
        assertEquals(Double.NaN, counts.war());
        assertEquals(Double.NaN, counts.uar());
        assertEquals(Double.NaN, counts.ir());
        counts.add(1, false, true);
        assertEquals(0, counts.war());
        assertEquals(0, counts.uar());
        assertEquals(Double.NaN, counts.ir());
        assertEquals(0, counts.irOfAll());
    }
}
