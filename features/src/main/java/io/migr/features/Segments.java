package io.migr.features;

import io.migr.features.MatroskaStream.Block;
import io.migr.features.SegmentCutter.Receiver;
import io.migr.features.SegmentCutter.Segment;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Sorts the blocks of a recording into segments of one length. Each block belongs to the segment in which it begins, so
 * nothing is lost or doubled; a time without pictures or sound stays without them. A segment shorter than a second is
 * added to the one before it.
 */
final class Segments {
    /** A segment shorter than this is added to the one before, ms. */
    private static final int SHORT_MS = 1000;
    /** FFmpeg writes a track at most this much later than another one, ms. */
    private static final int LATE_MS = 12_000;
    /** Length of one block of sound, ms. */
    static final int SOUND_MS = 20;

    private static final Comparator<Block> BY_TIME = Comparator.comparingLong(Block::timeMs);

    private final MatroskaStream stream;
    private final int lengthMs;
    private final int pictureTrack;
    private final Receiver receiver;
    private final TreeMap<Long, List<Block>> open = new TreeMap<>();
    private final Map<Integer, Long> reached = new HashMap<>();
    private List<Block> held = List.of();
    private long endMs;

    /**
     * Segments of a stream.
     *
     * @param seconds length of a segment
     * @param pictures whether the first track has pictures; every other track has sound
     */
    Segments(MatroskaStream stream, int seconds, boolean pictures, Receiver receiver) {
        this.stream = stream;
        lengthMs = seconds * 1000;
        pictureTrack = pictures ? 1 : 0;
        this.receiver = receiver;
    }

    /** Reads the stream to its end and passes the segments on as soon as they are complete. */
    void pass() throws IOException, InterruptedException {
        for (Block block = stream.next(); block != null; block = stream.next()) {
            if (block.timeMs() > Recording.LONGEST * 1000L) {
                throw new IOException("The recording is longer than " + Recording.LONGEST + " s. Cut it first.");
            }
            open.computeIfAbsent(block.timeMs() / lengthMs, cell -> new ArrayList<>())
                    .add(block);
            reached.merge(block.track(), block.timeMs(), Math::max);
            passComplete(completeMs());
        }
        passComplete(Long.MAX_VALUE);
    }

    /** Every block before this time has been read. */
    private long completeMs() {
        long first = Long.MAX_VALUE;
        long last = 0;
        for (int track : stream.tracks().keySet()) {
            long time = reached.getOrDefault(track, 0L);
            first = Math.min(first, time);
            last = Math.max(last, time);
        }
        return Math.max(first, last - LATE_MS);
    }

    private void passComplete(long completeMs) throws IOException, InterruptedException {
        while (!open.isEmpty() && (open.firstKey() + 1) * lengthMs <= completeMs) {
            List<Block> next = open.pollFirstEntry().getValue();
            next.sort(BY_TIME);
            boolean joined = !held.isEmpty()
                    && end(next) - start(next) < SHORT_MS
                    && start(next) - end(held) < SHORT_MS
                    && end(next) - start(held) < lengthMs + SHORT_MS;
            if (joined) {
                held.addAll(next);
            } else {
                passHeld(start(next));
                held = next;
            }
        }
        if (completeMs == Long.MAX_VALUE) {
            passHeld(completeMs);
        }
    }

    private void passHeld(long nextMs) throws IOException, InterruptedException {
        if (held.isEmpty()) {
            return;
        }
        endMs = Math.min(end(held), nextMs);
        int durationMs = (int) Math.max(1, endMs - start(held));
        boolean pictures = held.stream().anyMatch(block -> block.track() == pictureTrack);
        byte[] media = MatroskaFile.of(stream.header(), stream.tracks(), held, durationMs);
        receiver.accept(
                new Segment(media, pictures ? "video/x-matroska" : "audio/x-matroska", start(held), durationMs));
        held = List.of();
    }

    private static long start(List<Block> blocks) {
        return blocks.get(0).timeMs();
    }

    /** Where the last sound ends, or the last picture after the mean time between pictures. */
    private long end(List<Block> blocks) {
        long end = start(blocks);
        List<Block> pictures = new ArrayList<>();
        for (Block block : blocks) {
            if (block.track() == pictureTrack) {
                pictures.add(block);
            } else {
                end = Math.max(end, block.timeMs() + SOUND_MS);
            }
        }
        if (!pictures.isEmpty()) {
            long last = pictures.get(pictures.size() - 1).timeMs();
            long step = pictures.size() < 2 ? 0 : (last - start(pictures)) / (pictures.size() - 1);
            end = Math.max(end, last + step);
        }
        return end;
    }

    /**
     * What of the recording is in no segment, in words; null if nothing.
     *
     * @param sound whether the stream has a track of sound
     * @param seconds to which the recording must reach
     * @param reason why FFmpeg could not read on, in brackets; empty if it did not say
     */
    String lost(boolean sound, double seconds, String reason) {
        boolean pictures = pictureTrack > 0;
        boolean seen = reached.containsKey(pictureTrack);
        if (reached.isEmpty()) {
            return "nothing can be decoded" + reason;
        }
        if (pictures && !seen) {
            return "no picture can be decoded" + reason;
        }
        if (sound && reached.size() < (pictures ? 2 : 1)) {
            return "no sound can be decoded" + reason;
        }
        if (endMs < seconds * 1000) {
            return String.format(
                            Locale.ROOT,
                            "it ends after %.1f s, before the length that its header states",
                            endMs / 1000.0)
                    + reason;
        }
        return null;
    }
}
