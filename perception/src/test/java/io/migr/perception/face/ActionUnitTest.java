package io.migr.perception.face;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ActionUnitTest {

    @Test
    void theMiddleOfACueBecomesAHalf() {
        assertEquals(0, ActionUnit.LIPS_PART.value(ExpressionTest.face(0, 0)), 1e-9);
        assertEquals(0.25, ActionUnit.LIPS_PART.value(ExpressionTest.face(0.05, 0)), 1e-9);
        assertEquals(0.5, ActionUnit.LIPS_PART.value(ExpressionTest.face(0.1, 0)), 1e-9);
        assertEquals(0.75, ActionUnit.LIPS_PART.value(ExpressionTest.face(0.35, 0)), 1e-9);
        assertEquals(1, ActionUnit.LIPS_PART.value(ExpressionTest.face(0.9, 0)), 1e-9);
    }

    @Test
    void lidTightenerAndNoseWrinklerAreNeverGiven() {
        List<Integer> units =
                Arrays.stream(ActionUnit.values()).map(ActionUnit::number).toList();
        assertFalse(units.contains(7));
        assertFalse(units.contains(9));
        assertEquals(List.of(1, 2, 4, 5, 6, 12, 15, 17, 24, 25, 26, 43), units);
    }

    @Test
    void browsAndChinAreRelativeAndCountForLess() {
        for (ActionUnit unit : ActionUnit.values()) {
            boolean brows = List.of(1, 2, 4, 5, 15, 17, 24).contains(unit.number());
            assertEquals(brows, unit.relative());
            assertTrue(!brows || unit.reliability(1, 0) <= 0.5);
        }
    }

    @Test
    void closedEyesOfALoweredHeadAreUnreliable() {
        assertEquals(0.8, ActionUnit.EYES_CLOSED.reliability(1, 10), 1e-9);
        assertEquals(0.4, ActionUnit.EYES_CLOSED.reliability(1, -20), 1e-9);
        assertEquals(0, ActionUnit.EYES_CLOSED.reliability(1, -35), 1e-9);
        assertEquals(0.45, ActionUnit.LIP_CORNER_PULLER.reliability(0.5, -35), 1e-9);
    }
}
