package io.migr.trainer.grpo;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.migr.engine.Half;
import io.migr.engine.Kernels;
import io.migr.model.network.Network;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;

/**
 * Tokens computed once and stored in a file, for runs that train only the decoder: per clip the video tokens, then the
 * audio tokens, in half precision (relative error 5e-4). The file name contains the weights' version. An unfinished
 * file is completed, and the file can be deleted at any time.
 */
public final class CachedTokens implements ClipTokens, AutoCloseable {
    private static final int BLOCK = 16;

    private final FileChannel channel;
    private final int video;
    private final int audio;
    private final int hidden;

    private CachedTokens(FileChannel channel, Network.Config config) {
        this.channel = channel;
        video = config.videoTokens();
        audio = config.audioTokens();
        hidden = config.decoder().hidden();
    }

    /**
     * Opens a file of tokens and computes the missing clips.
     *
     * @param name of the file: split and weights version, e.g. {@code rl-tiny-1a2b3c4d}; other weights need another one
     * @param count clips 0 to count - 1
     * @param source computes tokens with {@code network}
     * @param progress receives the number of computed clips
     */
    public static CachedTokens open(
            Path folder, String name, int count, ClipTokens source, Network network, IntConsumer progress)
            throws IOException {
        Files.createDirectories(folder);
        FileChannel channel = FileChannel.open(
                folder.resolve(name + ".tokens"),
                StandardOpenOption.CREATE,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE);
        CachedTokens cached = new CachedTokens(channel, network.config());
        Kernels.recordGradients(false);
        int done = (int) (channel.size() / cached.recordBytes());
        while (done < count) {
            int from = done;
            int[] clips = IntStream.range(from, Math.min(count, from + BLOCK)).toArray();
            done += clips.length;
            try (NDManager scope = NDManager.newBaseManager(network.device())) {
                Tokens tokens = source.of(scope, network, clips);
                cached.write(
                        from,
                        clips.length,
                        tokens.video().toFloatArray(),
                        tokens.audio().toFloatArray());
            }
            progress.accept(done);
        }
        return cached;
    }

    private int recordBytes() {
        return (video + audio) * hidden * Short.BYTES;
    }

    private void write(int from, int count, float[] seen, float[] heard) throws IOException {
        ByteBuffer block = ByteBuffer.allocate(count * recordBytes()).order(ByteOrder.LITTLE_ENDIAN);
        for (int c = 0; c < count; c++) {
            for (int i = 0; i < video * hidden; i++) {
                block.putShort(Half.of(seen[c * video * hidden + i]));
            }
            for (int i = 0; i < audio * hidden; i++) {
                block.putShort(Half.of(heard[c * audio * hidden + i]));
            }
        }
        block.flip();
        long at = (long) from * recordBytes();
        while (block.hasRemaining()) {
            at += channel.write(block, at);
        }
    }

    @Override
    public Tokens of(NDManager scope, Network network, int[] clips) throws IOException {
        float[] seen = new float[clips.length * video * hidden];
        float[] heard = new float[clips.length * audio * hidden];
        for (int c = 0; c < clips.length; c++) {
            ByteBuffer one = ByteBuffer.allocate(recordBytes()).order(ByteOrder.LITTLE_ENDIAN);
            long at = (long) clips[c] * recordBytes();
            while (one.hasRemaining()) {
                int got = channel.read(one, at);
                if (got < 0) {
                    throw new IOException("The token file holds " + channel.size() / recordBytes() + " clips; clip "
                            + clips[c] + " is not among them. Open it with at least " + (clips[c] + 1) + " clips.");
                }
                at += got;
            }
            one.flip();
            for (int i = 0; i < video * hidden; i++) {
                seen[c * video * hidden + i] = Half.toFloat(one.getShort());
            }
            for (int i = 0; i < audio * hidden; i++) {
                heard[c * audio * hidden + i] = Half.toFloat(one.getShort());
            }
        }
        NDArray pictures = scope.create(seen, new Shape(clips.length, video, hidden));
        return new Tokens(pictures, scope.create(heard, new Shape(clips.length, audio, hidden)));
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
