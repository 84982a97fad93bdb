package io.migr.trainer.sft;

import io.migr.corpus.RenderedClip;
import io.migr.engine.Half;
import io.migr.model.network.LogMel;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A file of clips in the form the towers read, one fixed-size record per clip: eight pictures
 * {@code [8][3][size][size]} as unsigned bytes, then log-mel energies {@code [128][mel frames]} as half floats, NaN after
 * the end of a shorter clip. The number of clips is limited by disk space, not by memory.
 */
public final class MediaFile implements AutoCloseable {
    private final Path file;
    private final int size;
    private final int melFrames;
    private final FileChannel channel;

    private MediaFile(Path file, int size, int melFrames, FileChannel channel) {
        this.file = file;
        this.size = size;
        this.melFrames = melFrames;
        this.channel = channel;
    }

    /**
     * Opens a file, or creates an empty one.
     *
     * @param size pixels along each side of a picture
     * @param melFrames the most frames of log-mel energies that a clip can have
     */
    public static MediaFile open(Path file, int size, int melFrames) throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        return new MediaFile(
                file,
                size,
                melFrames,
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE));
    }

    private int pictureBytes() {
        return 3 * size * size;
    }

    private int recordBytes() {
        return RenderedClip.FRAMES * pictureBytes() + LogMel.BINS * melFrames * Short.BYTES;
    }

    /** Number of complete records in the file. */
    public int clips() throws IOException {
        return (int) (channel.size() / recordBytes());
    }

    /**
     * Encodes a clip's record. May be called from any thread.
     *
     * @param pictures {@code [8][3*size*size]} unsigned bytes
     * @param energies {@code [128*frames]}, bin by bin, of at most the file's number of frames; empty: no sound
     */
    public ByteBuffer record(byte[][] pictures, float[] energies) {
        ByteBuffer record = ByteBuffer.allocate(recordBytes()).order(ByteOrder.LITTLE_ENDIAN);
        for (byte[] picture : pictures) {
            record.put(picture);
        }
        int frames = energies.length / LogMel.BINS;
        for (int bin = 0; bin < LogMel.BINS; bin++) {
            for (int t = 0; t < melFrames; t++) {
                record.putShort(Half.of(t < frames ? energies[bin * frames + t] : Float.NaN));
            }
        }
        return record.flip();
    }

    /** Writes the record of the clip with this number. */
    public void write(int clip, ByteBuffer record) throws IOException {
        long at = (long) clip * recordBytes();
        while (record.hasRemaining()) {
            at += channel.write(record, at);
        }
    }

    /** One of a clip's pictures, {@code [3*size*size]} unsigned bytes. */
    public byte[] picture(int clip, int frame) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(pictureBytes());
        read(bytes, (long) clip * recordBytes() + (long) frame * pictureBytes());
        return bytes.array();
    }

    /** A clip's log-mel energies, {@code [128*frames]}, bin by bin; empty if it has no sound. */
    public float[] logMel(int clip) throws IOException {
        ByteBuffer bytes =
                ByteBuffer.allocate(LogMel.BINS * melFrames * Short.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        read(bytes, (long) clip * recordBytes() + (long) RenderedClip.FRAMES * pictureBytes());
        int frames = 0;
        while (frames < melFrames && !Float.isNaN(Half.toFloat(bytes.getShort(frames * Short.BYTES)))) {
            frames++;
        }
        float[] energies = new float[LogMel.BINS * frames];
        for (int bin = 0; bin < LogMel.BINS; bin++) {
            for (int t = 0; t < frames; t++) {
                energies[bin * frames + t] = Half.toFloat(bytes.getShort((bin * melFrames + t) * Short.BYTES));
            }
        }
        return energies;
    }

    private void read(ByteBuffer bytes, long position) throws IOException {
        long at = position;
        while (bytes.hasRemaining()) {
            int got = channel.read(bytes, at);
            if (got < 0) {
                throw new IOException("The clip file " + file + " is truncated. Delete it; it will be created again.");
            }
            at += got;
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
