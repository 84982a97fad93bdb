package io.migr.trainer.base;

import io.migr.corpus.Clip;
import io.migr.corpus.ClipTruth;
import io.migr.corpus.RenderedClip;
import io.migr.corpus.Split;
import io.migr.features.LogMel;
import io.migr.model.FramePreprocessor;
import io.migr.model.engine.Half;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;

/**
 * A split's clips as the towers read them, rendered once into a file: per clip eight pictures
 * {@code [8][3][size][size]} bytes, then log-mel energies {@code [128][300]} halves. Rendering is a function of the
 * seed, so the file can be deleted at any time; an unfinished one is continued.
 */
public final class ExampleStore implements ClipLibrary, AutoCloseable {
    /** Frames of log-mel energies of a clip. */
    public static final int MEL_FRAMES = (int) (Clip.SECONDS * 100);

    private static final int BLOCK = 64;

    private final Split split;
    private final int size;
    private final FileChannel channel;

    private ExampleStore(Split split, int size, FileChannel channel) {
        this.split = split;
        this.size = size;
        this.channel = channel;
    }

    /**
     * Opens the file of a split, rendering what it lacks.
     *
     * @param size pixels along each side of a picture
     * @param count clips of the split, from its first
     * @param progress told how many clips stand
     */
    public static ExampleStore open(Path folder, Split split, int count, int size, IntConsumer progress)
            throws IOException {
        Files.createDirectories(folder);
        Path file = folder.resolve(split.name().toLowerCase(java.util.Locale.ROOT) + "-" + size + ".clips");
        FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        ExampleStore store = new ExampleStore(split, size, channel);
        int done = (int) (channel.size() / store.recordBytes());
        while (done < count) {
            int from = done;
            int to = Math.min(count, from + BLOCK);
            ByteBuffer[] block = IntStream.range(from, to)
                    .parallel()
                    .mapToObj(i -> store.render(split.seed(i)))
                    .toArray(ByteBuffer[]::new);
            for (ByteBuffer record : block) {
                writeFully(channel, record, (long) done++ * store.recordBytes());
            }
            progress.accept(done);
        }
        return store;
    }

    private static void writeFully(FileChannel channel, ByteBuffer bytes, long position) throws IOException {
        long at = position;
        while (bytes.hasRemaining()) {
            at += channel.write(bytes, at);
        }
    }

    private int pictureBytes() {
        return 3 * size * size;
    }

    private int recordBytes() {
        return RenderedClip.FRAMES * pictureBytes() + LogMel.BINS * MEL_FRAMES * Short.BYTES;
    }

    private ByteBuffer render(long seed) {
        RenderedClip clip = RenderedClip.of(seed, new LogMel());
        FramePreprocessor preprocessor = new FramePreprocessor(size, true);
        ByteBuffer record = ByteBuffer.allocate(recordBytes()).order(ByteOrder.LITTLE_ENDIAN);
        try {
            for (byte[] jpeg : clip.input().frames()) {
                for (int value : preprocessor.resized(ImageIO.read(new ByteArrayInputStream(jpeg)))) {
                    record.put((byte) value);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        for (float[] bin : clip.input().logMel()) {
            for (int t = 0; t < MEL_FRAMES; t++) {
                record.putShort(Half.of(bin[t]));
            }
        }
        return record.flip();
    }

    @Override
    public ClipTruth truth(int clip) {
        return ClipTruth.of(split.seed(clip));
    }

    @Override
    public byte[] picture(int clip, int frame) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(pictureBytes());
        read(bytes, (long) clip * recordBytes() + (long) frame * pictureBytes());
        return bytes.array();
    }

    @Override
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
                throw new IOException("The store of rendered clips ends early; delete it, it is rendered anew.");
            }
            at += got;
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
