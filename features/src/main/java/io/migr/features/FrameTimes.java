package io.migr.features;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Reads from a file's index or blocks when its pictures are shown, without decoding anything. The result is only a
 * guess, because indexes can be wrong and decoders drop pictures. Callers must check it against the decoded frames.
 */
final class FrameTimes {
    private static final int MOST = 10_000;
    private static final int FTYP = 0x66747970;
    private static final int EBML = 0x1a45dfa3;

    private final double[] times = new double[MOST];
    private int count;

    private FrameTimes() {}

    /**
     * Times of the first video track's pictures in display order, seconds.
     *
     * @return empty if the file has no usable times: other containers, fragmented files, broken files
     */
    static double[] guess(byte[] media) {
        ByteBuffer file = ByteBuffer.wrap(media);
        FrameTimes found = new FrameTimes();
        try {
            if (file.getInt(4) == FTYP) {
                found.mp4(file);
            } else if (file.getInt(0) == EBML) {
                found.matroska(file);
            }
        } catch (IndexOutOfBoundsException | BufferUnderflowException | IllegalArgumentException e) {
            return new double[0];
        }
        double[] times = Arrays.copyOf(found.times, found.count);
        Arrays.sort(times);
        return times;
    }

    private void add(double seconds) {
        times[count] = seconds; // past the end of the array: too many pictures for a clip
        count++;
    }

    private void mp4(ByteBuffer file) {
        ByteBuffer movie = needed(file, "moov");
        for (ByteBuffer track = child(movie, "trak"); track != null; track = child(movie, "trak")) {
            ByteBuffer media = needed(track, "mdia");
            ByteBuffer handler = needed(media.duplicate(), "hdlr");
            if (handler.getInt(handler.position() + 8) == 0x76696465) { // vide
                samples(media);
                return;
            }
        }
    }

    private void samples(ByteBuffer media) {
        ByteBuffer header = needed(media.duplicate(), "mdhd");
        long scale = header.getInt(header.position() + (header.get(header.position()) == 1 ? 20 : 12)) & 0xffffffffL;
        ByteBuffer table = needed(needed(media.duplicate(), "minf"), "stbl");
        ByteBuffer durations = needed(table.duplicate(), "stts");
        ByteBuffer offsets = child(table.duplicate(), "ctts");
        long decoded = 0;
        for (int run = runs(durations); run > 0; run--) {
            int samples = durations.getInt();
            int step = durations.getInt();
            for (int i = 0; i < samples; i++) {
                add(decoded / (double) scale);
                decoded += step;
            }
        }
        int at = 0;
        for (int run = offsets == null ? 0 : runs(offsets); run > 0; run--) {
            int samples = offsets.getInt();
            int later = offsets.getInt();
            for (int i = 0; i < samples && at < count; i++) {
                times[at] += later / (double) scale;
                at++;
            }
        }
    }

    private static ByteBuffer needed(ByteBuffer parent, String type) {
        ByteBuffer found = child(parent, type);
        if (found == null) {
            throw new IllegalArgumentException("no " + type);
        }
        return found;
    }

    private static int runs(ByteBuffer table) {
        table.getInt(); // version and flags
        return table.getInt();
    }

    /** The next box of a type after the current position, which moves past it; null if there is none. */
    private static ByteBuffer child(ByteBuffer parent, String type) {
        while (parent.remaining() >= 8) {
            int start = parent.position();
            long size = parent.getInt() & 0xffffffffL;
            byte[] name = new byte[4];
            parent.get(name);
            size = size == 1 ? parent.getLong() : size == 0 ? parent.limit() - start : size;
            if (size < parent.position() - start || size > parent.limit() - start) {
                throw new IllegalArgumentException("a box of " + size + " bytes");
            }
            int end = start + (int) size;
            ByteBuffer body = parent.duplicate().limit(end);
            parent.position(end);
            if (Arrays.equals(name, type.getBytes(java.nio.charset.StandardCharsets.US_ASCII))) {
                return body;
            }
        }
        return null;
    }

    /** Reads all elements one after another, because the clusters of live recordings have no size. */
    private void matroska(ByteBuffer file) {
        double scale = 1e-3;
        long cluster = 0;
        long number = 0;
        long video = 0;
        while (file.remaining() > 2) {
            int id = (int) number(file, false);
            long size = number(file, true);
            switch (id) {
                case 0x18538067, 0x1549a966, 0x1654ae6b, 0xae, 0x1f43b675, 0xa0 -> {
                    continue; // segment, information, tracks, a track, a cluster, a group: read their children next
                }
                default -> {
                    // a leaf element
                }
            }
            if (size > file.remaining()) {
                return; // truncated, as live recordings are
            }
            int end = file.position() + (int) size;
            switch (id) {
                case 0x2ad7b1 -> scale = unsigned(file, end) / 1e9;
                case 0xd7 -> number = unsigned(file, end);
                case 0x83 -> video = video == 0 && unsigned(file, end) == 1 ? number : video;
                case 0xe7 -> cluster = unsigned(file, end);
                case 0xa3, 0xa1 -> {
                    if (number(file, true) == video) {
                        add((cluster + file.getShort()) * scale);
                    }
                }
                default -> {
                    // not needed
                }
            }
            file.position(end);
        }
    }

    /**
     * A variable-length integer: the leading zeros of the first byte give the number of bytes that follow.
     *
     * @param plain whether to clear the marker bit after these zeros, as in sizes but not in ids
     */
    private static long number(ByteBuffer file, boolean plain) {
        int first = file.get() & 0xff;
        int more = Integer.numberOfLeadingZeros(first) - 24;
        if (more > 7) {
            throw new IllegalArgumentException("no such number");
        }
        long value = plain ? first & (0x7f >> more) : first;
        for (int i = 0; i < more; i++) {
            value = value << 8 | file.get() & 0xff;
        }
        return value;
    }

    private static long unsigned(ByteBuffer file, int end) {
        long value = 0;
        while (file.position() < end) {
            value = value << 8 | file.get() & 0xff;
        }
        return value;
    }
}
