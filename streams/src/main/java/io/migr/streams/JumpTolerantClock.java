package io.migr.streams;

/**
 * Measures elapsed time by a wall clock that may stop, jump or be set. Stored entries have wall-clock times, because
 * they outlive the process; so elapsed time counts only from the start of the process and the last jump of the clock.
 */
final class JumpTolerantClock {
    /**
     * How long a thread may be busy with one record, ms. FFmpeg may take longer; the pause then counts as a jump and a
     * wait may start again.
     */
    private static final long BUSY = 10_000;

    private final long longestGap;
    private long start;
    private long jump = Long.MIN_VALUE;
    private long last;

    /**
     * Starts at the given time.
     *
     * @param now ms
     * @param wait the longest wait to measure, ms: a longer gap between two calls of {@link #observe} counts as a jump
     *     of the clock or a stopped process
     */
    JumpTolerantClock(long now, long wait) {
        start = now;
        last = now;
        longestGap = Math.max(wait, BUSY);
    }

    /** Records the current time, ms, and notices jumps. */
    void observe(long now) {
        if (now < last || now - last > longestGap) {
            start = now;
            jump = now;
        }
        last = now;
    }

    /** Time since {@code then}, but at most since the start and since the last jump, ms. */
    long since(long then, long now) {
        return now - Math.max(then > now ? start : then, start);
    }

    /** Like {@link #since}, but not limited by the start, ms: entries expire even if the process restarts often. */
    long sinceJump(long then, long now) {
        return now - Math.max(Math.min(then, now), jump);
    }
}
