package io.migr.trainer.sft;

import io.migr.corpus.Clip;
import io.migr.corpus.ClipTruth;
import io.migr.corpus.RenderedClip;
import io.migr.corpus.Split;
import io.migr.model.network.FramePreprocessor;
import io.migr.model.network.LogMel;
import io.migr.model.network.MelWindow;
import io.migr.model.network.PictureFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;

/**
 * The clips of a split in the form the towers read, rendered once into a {@link MediaFile}. Rendering is a function of
 * the seed, so the file can be deleted at any time; an unfinished file is completed.
 */
public final class ExampleStore implements ClipLibrary, AutoCloseable {
    /** Frames of log-mel energies of a corpus clip. */
    private static final int MEL_FRAMES = (int) (Clip.SECONDS * 100);

    private static final int BLOCK = 64;

    private final Split split;
    private final int size;
    private final MediaFile media;

    private ExampleStore(Split split, int size, MediaFile media) {
        this.split = split;
        this.size = size;
        this.media = media;
    }

    /**
     * Opens the file of a split and renders the missing clips.
     *
     * @param size pixels along each side of a picture
     * @param count number of clips, starting with the split's first
     * @param progress receives the number of rendered clips
     */
    public static ExampleStore open(Path folder, Split split, int count, int size, IntConsumer progress)
            throws IOException {
        Path file = folder.resolve(split.name().toLowerCase(java.util.Locale.ROOT) + "-" + size + ".clips");
        ExampleStore store = new ExampleStore(split, size, MediaFile.open(file, size, MEL_FRAMES));
        int done = store.media.clips();
        while (done < count) {
            ByteBuffer[] block = IntStream.range(done, Math.min(count, done + BLOCK))
                    .parallel()
                    .mapToObj(i -> store.render(split.seed(i)))
                    .toArray(ByteBuffer[]::new);
            for (ByteBuffer record : block) {
                store.media.write(done++, record);
            }
            progress.accept(done);
        }
        return store;
    }

    private ByteBuffer render(long seed) {
        RenderedClip clip = RenderedClip.of(seed, new LogMel());
        FramePreprocessor preprocessor = new FramePreprocessor(size, true);
        List<byte[]> frames = clip.input().frames();
        byte[][] pictures = new byte[frames.size()][3 * size * size];
        try {
            for (int f = 0; f < pictures.length; f++) {
                int[] values = preprocessor.resized(PictureFile.read(frames.get(f)));
                for (int i = 0; i < values.length; i++) {
                    pictures[f][i] = (byte) values[i];
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return media.record(pictures, MelWindow.flat(clip.input().logMel(), MEL_FRAMES));
    }

    @Override
    public ClipTruth annotation(int clip) {
        return ClipTruth.of(split.seed(clip));
    }

    @Override
    public byte[] picture(int clip, int frame) throws IOException {
        return media.picture(clip, frame);
    }

    @Override
    public float[] logMel(int clip) throws IOException {
        return media.logMel(clip);
    }

    @Override
    public void close() throws IOException {
        media.close();
    }
}
