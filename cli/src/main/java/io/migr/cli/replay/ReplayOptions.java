package io.migr.cli.replay;

import io.migr.replay.ReplayRange;
import picocli.CommandLine.Option;

/** The options that choose which recorded requests or clips to replay. */
final class ReplayOptions {
    @Option(
            names = "--from",
            paramLabel = "TIME",
            description = "records from this time on: 2026-01-31T12:00:00Z, or an age: 90s, 15m, 2h, 7d")
    private String from;

    @Option(names = "--to", paramLabel = "TIME", description = "records before this time; default: all that exist now")
    private String to;

    @Option(
            names = "--offsets",
            paramLabel = "RANGES",
            description = "a range by offsets instead: PARTITION:FROM-TO, without TO itself; several with commas")
    private String offsets;

    @Option(names = "--call", paramLabel = "CALL", description = "of these, only the records of one call")
    private String call;

    ReplayRange range() {
        return new ReplayRange(from, to, offsets, call);
    }
}
