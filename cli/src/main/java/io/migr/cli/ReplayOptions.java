package io.migr.cli;

import picocli.CommandLine.Option;

/** The options that say which recorded requests or clips are meant. */
final class ReplayOptions {
    @Option(
            names = "--from",
            paramLabel = "TIME",
            description = "what was recorded from this time on: 2026-01-31T12:00:00Z, or so long ago: 90s, 15m, 2h, 7d")
    private String from;

    @Option(
            names = "--to",
            paramLabel = "TIME",
            description = "what was recorded before this time; default: all there is now")
    private String to;

    @Option(
            names = "--offsets",
            paramLabel = "RANGES",
            description = "by place instead: PARTITION:FROM-TO, several with commas; TO is not read")
    private String offsets;

    @Option(names = "--call", paramLabel = "CALL", description = "of these only those of one call")
    private String call;

    ReplayRange range() {
        return new ReplayRange(from, to, offsets, call);
    }
}
