package io.migr.features;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Reads the Matroska stream that FFmpeg writes to a pipe, one block after another. It reads the output of our own FFmpeg
 * only, never a file from outside.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9559">RFC 9559, Matroska</a>
 */
final class MatroskaStream implements AutoCloseable {
    static final int EBML = 0x1a45dfa3;
    static final int SEGMENT = 0x18538067;
    static final int INFO = 0x1549a966;
    static final int TRACKS = 0x1654ae6b;
    static final int TRACK = 0xae;
    static final int CLUSTER = 0x1f43b675;
    static final int CLUSTER_TIME = 0xe7;
    static final int SIMPLE_BLOCK = 0xa3;
    private static final int TRACK_NUMBER = 0xd7;
    private static final int BLOCK_GROUP = 0xa0;
    private static final int BLOCK = 0xa1;
    private static final int LARGEST = 1 << 26;

    private final DataInputStream in;
    /** The description of each track, as in the stream, by its number. */
    private final Map<Integer, byte[]> tracks = new LinkedHashMap<>();

    private byte[] header = {};
    private long clusterMs;

    /**
     * One frame of a picture track, or a few milliseconds of a sound track.
     *
     * @param timeMs from the start of the stream
     * @param key whether decoding can start here
     */
    record Block(int track, long timeMs, boolean key, byte[] data) {}

    MatroskaStream(InputStream in) {
        this.in = new DataInputStream(new BufferedInputStream(in, 1 << 16));
    }

    /** The EBML header; complete after the first block. */
    byte[] header() {
        return header;
    }

    /** The elements that describe the tracks, by number; complete after the first block. */
    Map<Integer, byte[]> tracks() {
        return tracks;
    }

    /** The next block; null at the end, also where the stream breaks off. */
    Block next() throws IOException {
        try {
            while (true) {
                int id = (int) number(false);
                long size = number(true);
                switch (id) {
                    case SEGMENT, TRACKS, CLUSTER, BLOCK_GROUP -> {
                        continue; // their children follow
                    }
                    default -> {
                        // an element that is read whole
                    }
                }
                byte[] body = body(size);
                switch (id) {
                    case EBML -> header = body;
                    case TRACK -> tracks.put((int) child(body, TRACK_NUMBER), body);
                    case CLUSTER_TIME -> clusterMs = unsigned(body, 0, body.length);
                    case SIMPLE_BLOCK, BLOCK -> {
                        return block(id, body);
                    }
                    default -> {
                        // not needed
                    }
                }
            }
        } catch (EOFException e) {
            return null;
        }
    }

    /** A block's body is the track's number (one byte below 128), two bytes of time after the cluster's, flags, data. */
    private Block block(int id, byte[] body) throws IOException {
        int track = body[0] & 0x7f;
        int after = (short) unsigned(body, 1, 3);
        byte[] data = new byte[body.length - 4];
        System.arraycopy(body, 4, data, 0, data.length);
        return new Block(track, clusterMs + after, id == BLOCK || (body[3] & 0x80) != 0, data);
    }

    private byte[] body(long size) throws IOException {
        if (size > LARGEST) {
            throw new IOException("FFmpeg's output cannot be read: an element of " + size + " bytes.");
        }
        byte[] body = new byte[(int) size];
        in.readFully(body);
        return body;
    }

    private static long child(byte[] parent, int wanted) {
        int at = 0;
        while (at < parent.length) {
            int idLength = length(parent[at] & 0xff);
            int id = (int) unsigned(parent, at, at + idLength);
            at += idLength;
            int sizeLength = length(parent[at] & 0xff);
            long size = unsigned(parent, at, at + sizeLength) ^ (1L << (7 * sizeLength));
            at += sizeLength;
            if (id == wanted) {
                return unsigned(parent, at, at + (int) size);
            }
            at += (int) size;
        }
        return 0;
    }

    private static long unsigned(byte[] bytes, int from, int to) {
        long value = 0;
        for (int i = from; i < to; i++) {
            value = value << 8 | bytes[i] & 0xff;
        }
        return value;
    }

    /** Bytes of a variable-length integer that starts with this byte. */
    private static int length(int first) {
        return Integer.numberOfLeadingZeros(first) - 23;
    }

    /**
     * A variable-length integer.
     *
     * @param plain whether to clear the bit that ends the length, as in sizes but not in ids
     */
    private long number(boolean plain) throws IOException {
        int first = in.readUnsignedByte();
        int more = length(first) - 1;
        long value = plain ? first & (0x7f >> more) : first;
        for (int i = 0; i < more; i++) {
            value = value << 8 | in.readUnsignedByte();
        }
        return value;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
