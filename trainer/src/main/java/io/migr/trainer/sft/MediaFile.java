package io.migr.trainer.sft;

import io.migr.corpus.Clip;
import io.migr.corpus.RenderedClip;
import io.migr.engine.Half;
import io.migr.features.LogMel;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A file of clips in the form the towers read, one fixed-size record per clip: eight pictures
 * {@code [8][3][size][size]} as unsigned bytes, then log-mel energies {@code [128][300]} as half floats. The number of
 * clips is limited by disk space, not by memory.
 */
public final class MediaFile implements AutoCloseable {
    /** Frames of log-mel energies of a clip. */
    public static final int MEL_FRAMES = (int) (Clip.SECONDS * 100);

    private final Path file;
    private final int size;
    private final FileChannel channel;

    private MediaFile(Path file, int size, FileChannel channel) {
        this.file = file;
        this.size = size;
        this.channel = channel;
    }

    /**
     * Opens a file, or creates an empty one.
     *
     * @param size pixels along each side of a picture
     */
    public static MediaFile open(Path file, int size) throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        return new MediaFile(
                file,
                size,
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE));
    }

    private int pictureBytes() {
        return 3 * size * size;
    }

    private int recordBytes() {
        return RenderedClip.FRAMES * pictureBytes() + LogMel.BINS * MEL_FRAMES * Short.BYTES;
    }

    /** Number of complete records in the file. */
    public int clips() throws IOException {
        return (int) (channel.size() / recordBytes());
    }

    /**
     * Encodes a clip's record. May be called from any thread.
     *
     * @param pictures {@code [8][3*size*size]} unsigned bytes
     * @param energies {@code [128*300]}, bin by bin
     */
    public ByteBuffer record(byte[][] pictures, float[] energies) {
        ByteBuffer record = ByteBuffer.allocate(recordBytes()).order(ByteOrder.LITTLE_ENDIAN);
        for (byte[] picture : pictures) {
            record.put(picture);
        }
        for (float energy : energies) {
            record.putShort(Half.of(energy));
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

    /** A clip's log-mel energies, {@code [128*300]}, bin by bin. */
    public float[] logMel(int clip) throws IOException {
        ByteBuffer bytes =
                ByteBuffer.allocate(LogMel.BINS * MEL_FRAMES * Short.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        read(bytes, (long) clip * recordBytes() + (long) RenderedClip.FRAMES * pictureBytes());
        float[] energies = new float[LogMel.BINS * MEL_FRAMES];
        for (int i = 0; i < energies.length; i++) {
            energies[i] = Half.toFloat(bytes.getShort(i * Short.BYTES));
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
