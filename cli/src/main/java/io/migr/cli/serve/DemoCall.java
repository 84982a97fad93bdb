package io.migr.cli.serve;

import io.migr.cli.feed.Feeder;
import io.migr.cli.setup.LocalPlatform;
import io.migr.cli.watch.ResultReader;
import io.migr.cli.watch.ResultReader.Result;
import io.migr.features.SegmentCutter.Segment;
import io.migr.schemas.ClipId;
import io.migr.schemas.Consent;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;

/** Sends the clips of a demo to its platform and reads their results. */
final class DemoCall implements AutoCloseable {
    /** The longest time without a clip sent or a result read. */
    static final Duration PATIENCE = Duration.ofSeconds(120);

    private final LocalPlatform platform;
    private final BooleanSupplier stopping;
    private final ResultReader reader;
    private final Feeder feeder;
    private long progress = System.nanoTime();

    /** Opens the call; {@code stopping} says whether the user has interrupted the command. */
    DemoCall(LocalPlatform platform, BooleanSupplier stopping) {
        this.platform = platform;
        this.stopping = stopping;
        reader = new ResultReader(platform.clients(), true);
        feeder = new Feeder(platform.clients());
    }

    /** Sends a clip and waits until the broker has it. */
    void send(ClipId clip, Segment segment) throws InterruptedException {
        requireNotStopping();
        feeder.deliver(clip, segment, Consent.GRANTED);
        progress = System.nanoTime();
    }

    /** Waits up to {@code longest} for results. */
    List<Result> poll(Duration longest) throws InterruptedException {
        requireNotStopping();
        List<Result> results = reader.poll(longest);
        if (!results.isEmpty()) {
            progress = System.nanoTime();
        }
        return results;
    }

    /** Whether more results can be expected. */
    boolean alive() {
        return platform.failure() == null && System.nanoTime() - progress < PATIENCE.toNanos();
    }

    /** Why no more results come, once it is not {@link #alive}. */
    String end() {
        return platform.failure() != null
                ? platform.failure()
                : "nothing arrived for " + PATIENCE.toSeconds() + " s. Try again when this machine has less to do.";
    }

    private void requireNotStopping() throws InterruptedException {
        if (stopping.getAsBoolean()) {
            throw new InterruptedException("The demo was interrupted.");
        }
    }

    @Override
    public void close() {
        feeder.close();
        reader.close();
    }
}
