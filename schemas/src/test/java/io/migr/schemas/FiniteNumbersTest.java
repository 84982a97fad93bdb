package io.migr.schemas;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FiniteNumbersTest {
    @Test
    void theFirstNumberThatIsNoneIsNamedWithItsPlace() {
        MeasuredUnit fine = new MeasuredUnit(12, 0.5f, 0.9f, false, null);
        MeasuredUnit odd = new MeasuredUnit(25, Float.NaN, 0.9f, false, Float.POSITIVE_INFINITY);
        FaceCues face = new FaceCues("faces-2", null, 1, List.of(), List.of(fine, odd), null);
        assertEquals(Optional.of("units[1].value=NaN"), FiniteNumbers.firstOther(face));
        odd.setValue(0.1f);
        assertEquals(Optional.of("units[1].usual=Infinity"), FiniteNumbers.firstOther(face));
        odd.setUsual(null);
        assertEquals(Optional.empty(), FiniteNumbers.firstOther(face));
        ParticipantBaseline baseline = new ParticipantBaseline(
                null, new FaceUsual(9, List.of(new UnitUsual(1, Float.NaN, 0.1f))), false, Instant.EPOCH);
        assertEquals(Optional.of("face.units[0].median=NaN"), FiniteNumbers.firstOther(baseline));
    }
}
