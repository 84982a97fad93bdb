package io.migr.cli.serve;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.migr.cli.watch.ResultPrinter;
import io.migr.cli.watch.ResultReader.Result;
import io.migr.features.SegmentCutter;
import io.migr.features.SegmentCutter.Segment;
import io.migr.schemas.ClipId;
import io.migr.schemas.ClipKey;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;

/** Sends the clips of one file as one participant and prints their results in the order of the clips. */
final class OwnFileRun {
    /** Clips under way at most; the cutter waits while there are more. */
    private static final int UNDER_WAY = 8;

    private final OwnFile file;
    private final String participant;
    private final DemoCall call;
    private final OwnFileCounts counts;
    private final PrintWriter out;
    private final boolean json;

    /** The start of each clip that was sent, ms. */
    private final List<Long> starts = new ArrayList<>();
    /** Predictions that wait for an earlier clip, by sequence. */
    private final TreeMap<Long, Result> early = new TreeMap<>();
    /** Dead letters, whose keys do not say which clip they are of. */
    private final Deque<Result> dead = new ArrayDeque<>();

    private int shown;

    OwnFileRun(OwnFile file, String participant, DemoCall call, OwnFileCounts counts, PrintWriter out, boolean json) {
        this.file = file;
        this.participant = participant;
        this.call = call;
        this.counts = counts;
        this.out = out;
        this.json = json;
    }

    /**
     * Runs the file through the pipeline.
     *
     * @return what could not be read, in words; null if nothing
     */
    String run(SegmentCutter cutter) throws InterruptedException {
        String lost;
        try {
            lost = file.cut(cutter, this::send);
        } catch (IOException e) {
            lost = e.getMessage();
        }
        while (shown < starts.size() && call.alive()) {
            take(Duration.ofMillis(100));
        }
        showTheRest();
        return lost;
    }

    private void send(Segment segment) throws InterruptedException {
        call.send(clip(starts.size()), segment);
        starts.add(segment.startMs());
        take(Duration.ZERO);
        while (starts.size() - shown >= UNDER_WAY && call.alive()) {
            take(Duration.ofMillis(100));
        }
    }

    private ClipId clip(int number) {
        return new ClipId("mine", participant, (long) number);
    }

    private void take(Duration longest) throws InterruptedException {
        for (Result result : call.poll(longest)) {
            if (result.prediction() == null) {
                dead.add(result);
            } else if (result.prediction().getClip().getParticipantId().equals(participant)) {
                early.put(result.prediction().getClip().getSequence(), result);
            }
        }
        while (shown < starts.size()) {
            Result result = early.remove((long) shown);
            // clips keep their order: if a later one has its prediction, this one can only be dead
            boolean surelyDead = !early.isEmpty() || dead.size() >= starts.size() - shown;
            if (result == null && surelyDead) {
                result = dead.poll();
            }
            if (result == null) {
                return;
            }
            show(result);
        }
    }

    /** After the wait was given up: what arrived, without the clips that have no result. */
    private void showTheRest() {
        while (shown < starts.size()) {
            Result result = early.remove((long) shown);
            show(result != null ? result : dead.poll());
        }
    }

    /** Prints the result of the next clip; null: it has none. */
    private void show(Result result) {
        int number = shown++;
        counts.add(result);
        if (result == null) {
            return;
        }
        if (json) {
            ObjectNode object = ResultPrinter.json(result);
            if (result.prediction() == null) {
                object.put("clip", ClipKey.name(clip(number))).put("start_ms", starts.get(number));
            }
            out.println(object.put("file", file.path().toString()));
        } else {
            out.printf(Locale.ROOT, "%.1f s  %s%n", starts.get(number) / 1000.0, ResultPrinter.text(result));
        }
        out.flush();
    }
}
