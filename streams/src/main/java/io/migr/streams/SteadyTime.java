package io.migr.streams;

/**
 * How long ago something was, by a wall clock that may stand still, jump or be set. What is kept has wall-clock times,
 * because it outlives the process; so time counts from the last jump on, as it counts from the start on.
 */
final class SteadyTime {
    /** A thread may be busy with a record for so long, ms; FFmpeg is given longer, but then a wait may begin anew. */
    private static final long BUSY = 10_000;

    private final long most;
    private long start;
    private long jump = Long.MIN_VALUE;
    private long last;

    /**
     * Begins.
     *
     * @param now ms
     * @param wait what is to be waited for, ms: two looks at the clock that are further apart are a jump, or a process that
     *     stood still
     */
    SteadyTime(long now, long wait) {
        start = now;
        last = now;
        most = Math.max(wait, BUSY);
    }

    /** Looks at the clock, ms. */
    void see(long now) {
        if (now < last || now - last > most) {
            start = now;
            jump = now;
        }
        last = now;
    }

    /** Time since then, but no longer than since the start and since the last jump, ms. */
    long since(long then, long now) {
        return now - Math.max(then > now ? start : then, start);
    }

    /** Time since then, but no longer than since the last jump, ms: a restart does not make a memory endless. */
    long sinceJump(long then, long now) {
        return now - Math.max(Math.min(then, now), jump);
    }
}
