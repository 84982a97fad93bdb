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
 * A file of clips as the towers read them, one record after another: eight pictures {@code [8][3][size][size]} bytes, then
 * log-mel energies {@code [128][300]} halves. So the number of clips costs disk, not memory.
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
     * Opens a file, or makes an empty one.
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

    /** Whole records that are there. */
    public int clips() throws IOException {
        return (int) (channel.size() / recordBytes());
    }

    /**
     * A clip's record. Any thread may call.
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

    /** Writes a clip's record at its place. */
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
                throw new IOException("The file of clips " + file + " ends early; delete it, it is made anew.");
            }
            at += got;
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
