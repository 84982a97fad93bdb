package io.migr.trainer.round;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * When a round is due without a request: after a number of new examples, or after an interval if any example is new.
 * The interval starts at the end of the last round, or at the start of the service.
 */
final class RoundSchedule {
    private final int examples;
    private final long every;
    private final LongSupplier clock;
    private long last;

    /**
     * Creates a schedule.
     *
     * @param examples number of new examples after which a round is due
     * @param every interval after which a round is due if any example is new; zero: never
     * @param clock monotonic nanoseconds, as {@link System#nanoTime}; not affected by setting the system time
     */
    RoundSchedule(int examples, Duration every, LongSupplier clock) {
        this.examples = examples;
        this.every = every.toNanos();
        this.clock = clock;
        last = clock.getAsLong();
    }

    /** Whether a round is due; {@code fresh} is the number of new examples. */
    boolean due(int fresh) {
        boolean time = every > 0 && clock.getAsLong() - last >= every;
        return fresh >= examples || time && fresh > 0;
    }

    /** Starts the interval again, because a round has ended. */
    void restart() {
        last = clock.getAsLong();
    }
}
