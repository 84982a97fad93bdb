package io.migr.streams;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class JumpTolerantClockTest {
    private static final long HOUR = 3_600_000;
    private static final long START = 10 * HOUR;
    private final JumpTolerantClock time = new JumpTolerantClock(START, 1000);

    @Test
    void timeBeforeTheStartDoesNotCount() {
        time.observe(START + 500);
        assertEquals(400, time.since(START + 100, START + 500));
        assertEquals(500, time.since(START - HOUR, START + 500));
        assertEquals(HOUR + 500, time.sinceJump(START - HOUR, START + 500), "entries expire in spite of restarts");
    }

    @Test
    void afterABackwardJumpNothingWaitsForTheOldTimeToReturn() {
        time.observe(START - HOUR);
        assertEquals(0, time.since(START, START - HOUR));
        time.observe(START - HOUR + 900);
        assertEquals(900, time.since(START, START - HOUR + 900));
    }

    @Test
    void aForwardJumpDoesNotCountAsElapsedTime() {
        long later = START + 24 * HOUR;
        time.observe(later);
        assertEquals(0, time.since(START, later));
        time.observe(later + 900);
        assertEquals(900, time.since(START, later + 900));
        assertTrue(time.sinceJump(START, later + 900) < HOUR);
    }
}
