package io.migr.perception.voice;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.migr.schemas.VoiceMeasure;
import org.junit.jupiter.api.Test;

class MeasurementErrorTest {
    @Test
    void reliabilityIsTheShareOfTheVarianceThatIsNotError() {
        VoiceMeasure level = MeasurementError.LEVEL.measure(-20, 2, true);
        assertEquals(1f, level.getError());
        assertEquals(1.7 * 1.7 / (1.7 * 1.7 + 1), level.getReliability(), 1e-6);
    }

    @Test
    void aFundamentalFrequencyCanBeAnOctaveOff() {
        double share = 1.9 * 1.9 / (1.9 * 1.9 + 0.09);
        assertEquals(
                0.99 * share, MeasurementError.F0_MEDIAN.measure(7, 1, false).getReliability(), 1e-6);
        assertEquals(
                0.962 * share, MeasurementError.F0_MEDIAN.measure(7, 1, true).getReliability(), 1e-6);
    }

    @Test
    void theErrorGrowsWithLessSound() {
        assertEquals(3.0, MeasurementError.HNR.measure(10, 0.25, false).getError(), 1e-6);
    }

    @Test
    void whatIsNotKnownIsNull() {
        VoiceMeasure flux = MeasurementError.FLUX.measure(0.4, 1, false);
        assertNull(flux.getError());
        assertNull(flux.getReliability());
        assertNull(MeasurementError.PAUSE_SHARE.measure(0.1, 1, false).getReliability());
    }
}
