package io.migr.trainer.round;

import java.time.Duration;
import java.util.function.LongSupplier;


/**
 * When a round is due that nobody asked for: by the number of new examples, or by the clock when any example is new. The
 * clock counts from the last round on, or from the start.
 */
final class Schedule {
    private final int examples;
    private final long every;
    private final LongSupplier clock;
    private long last;

    /**
     * A schedule.
     *
     * @param examples so many new ones are enough
     * @param every by the clock, so often; zero: never
     * @param clock nanoseconds of the machine's own since any time, as {@link System#nanoTime}: setting the time changes
     *     nothing
     */
    Schedule(int examples, Duration every, LongSupplier clock) {
        this.examples = examples;
        this.every = every.toNanos();
        this.clock = clock;
        last = clock.getAsLong();
    }

    boolean due(int fresh) {
        boolean time = every > 0 && clock.getAsLong() - last >= every;
        return fresh >= examples || time && fresh > 0;
    }

    /** Counts the time from now on, because a round has ended. */
    void restart() {
        last = clock.getAsLong();
    }
}
