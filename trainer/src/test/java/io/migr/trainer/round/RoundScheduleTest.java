package io.migr.trainer.round;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class RoundScheduleTest {
    private static final Duration EVERY = Duration.ofMinutes(10);
    /** Close to overflow, which a nanosecond clock may be. */
    private long now = Long.MAX_VALUE - Duration.ofMinutes(5).toNanos();

    private final RoundSchedule schedule = new RoundSchedule(100, EVERY, () -> now);

    @Test
    void aRoundIsDueOncePerIntervalAndOnlyIfAnyExampleIsNew() {
        int rounds = 0;
        for (int second = 0; second < 3600; second++) {
            now += Duration.ofSeconds(1).toNanos();
            assertFalse(schedule.due(0));
            if (schedule.due(1)) {
                rounds++;
                schedule.restart();
            }
        }
        assertEquals(6, rounds);
    }

    @Test
    void aLongPauseCausesOneRoundNotAllTheMissedOnes() {
        now += Duration.ofDays(1).toNanos();
        assertTrue(schedule.due(1));
        schedule.restart();
        assertFalse(schedule.due(99));
        now += EVERY.toNanos() - 1;
        assertFalse(schedule.due(99));
        now += 1;
        assertTrue(schedule.due(99));
    }

    @Test
    void enoughNewExamplesMakeARoundDueAtAnyTime() {
        assertFalse(schedule.due(99));
        assertTrue(schedule.due(100));
        RoundSchedule never = new RoundSchedule(100, Duration.ZERO, () -> now);
        now += Duration.ofDays(1).toNanos();
        assertFalse(never.due(99));
    }
}
