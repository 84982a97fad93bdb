package io.migr.cli.replay;

import io.migr.model.ClipAnalyser;
import io.migr.model.ClipInput;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts the analysed clips, and can pause before each batch so that a second instance gets a share of the work. */
final class CountingAnalyser implements ClipAnalyser {
    private final ClipAnalyser analyser;
    private final AtomicInteger clips = new AtomicInteger();
    private final long pause;

    /** {@code pause} is in milliseconds, before each batch. */
    CountingAnalyser(ClipAnalyser analyser, long pause) {
        this.analyser = analyser;
        this.pause = pause;
    }

    int clips() {
        return clips.get();
    }

    @Override
    public String version() {
        return analyser.version();
    }

    @Override
    public boolean needsMedia() {
        return analyser.needsMedia();
    }

    @Override
    public Batch analyse(List<ClipInput> inputs) {
        clips.addAndGet(inputs.size());
        try {
            Thread.sleep(pause);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        return analyser.analyse(inputs);
    }

    @Override
    public void close() {
        analyser.close();
    }
}
