package io.migr.features;

import io.migr.features.MatroskaStream.Block;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;

/** Writes blocks of a {@link MatroskaStream} as a complete file, whose times start at 0. */
final class MatroskaFile {
    private static final int TIME_SCALE = 0x2ad7b1;
    private static final int DURATION = 0x4489;
    private static final int MUXER = 0x4d80;
    private static final int WRITER = 0x5741;

    private MatroskaFile() {}

    /**
     * A file of the given blocks. Only tracks that have a block are described in it.
     *
     * @param blocks in time order; at most 32 s
     */
    static byte[] of(byte[] header, Map<Integer, byte[]> tracks, List<Block> blocks, long durationMs) {
        ByteArrayOutputStream described = new ByteArrayOutputStream();
        tracks.forEach((number, track) -> {
            if (blocks.stream().anyMatch(block -> block.track() == number)) {
                element(described, MatroskaStream.TRACK, track);
            }
        });
        ByteArrayOutputStream cluster = new ByteArrayOutputStream();
        element(cluster, MatroskaStream.CLUSTER_TIME, new byte[] {0});
        long startMs = blocks.get(0).timeMs();
        for (Block block : blocks) {
            byte[] data = block.data();
            ByteBuffer body = ByteBuffer.allocate(4 + data.length);
            body.put((byte) (0x80 | block.track())).putShort((short) (block.timeMs() - startMs));
            body.put((byte) (block.key() ? 0x80 : 0)).put(data);
            element(cluster, MatroskaStream.SIMPLE_BLOCK, body.array());
        }
        ByteArrayOutputStream segment = new ByteArrayOutputStream();
        element(segment, MatroskaStream.INFO, information(durationMs));
        element(segment, MatroskaStream.TRACKS, described.toByteArray());
        element(segment, MatroskaStream.CLUSTER, cluster.toByteArray());
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        element(file, MatroskaStream.EBML, header);
        element(file, MatroskaStream.SEGMENT, segment.toByteArray());
        return file.toByteArray();
    }

    private static byte[] information(long durationMs) {
        ByteArrayOutputStream information = new ByteArrayOutputStream();
        element(
                information,
                TIME_SCALE,
                ByteBuffer.allocate(4).putInt(1_000_000).array());
        element(
                information,
                DURATION,
                ByteBuffer.allocate(4).putFloat(durationMs).array());
        element(information, MUXER, new byte[] {'m', 'i', 'g', 'r'});
        element(information, WRITER, new byte[] {'m', 'i', 'g', 'r'});
        return information.toByteArray();
    }

    /** An id as it is, a size of eight bytes, the body. */
    private static void element(ByteArrayOutputStream out, int id, byte[] body) {
        for (int shift = 24; shift >= 0; shift -= 8) {
            if (id >>> shift != 0) {
                out.write(id >>> shift);
            }
        }
        out.writeBytes(ByteBuffer.allocate(8).putLong(1L << 56 | body.length).array());
        out.writeBytes(body);
    }
}
