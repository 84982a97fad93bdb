package io.migr.trainer.experiment;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.migr.model.Network;
import io.migr.trainer.grpo.ClipTokens;
import java.io.IOException;
import java.util.SplittableRandom;
import java.util.function.IntToLongFunction;

/**
 * Tokens as a worse perception would give them: all tokens of a clip's modality are moved by one random vector, which
 * is the clip's own. Noise that differed from token to token would average out; this does not, however long a decoder
 * looks (PILOT, section 4).
 */
final class NoisyTokens implements ClipTokens {

    /** Deviation over clips of the mean token, in each dimension. */
    record Spread(float[] visual, float[] audio) {}

    private final ClipTokens clean;
    private final Spread spread;
    private final Plan.Noise noise;
    private final IntToLongFunction seed;

    /**
     * Prepares.
     *
     * @param seed of a clip; its noise is a function of it
     */
    NoisyTokens(ClipTokens clean, Spread spread, Plan.Noise noise, IntToLongFunction seed) {
        this.clean = clean;
        this.spread = spread;
        this.noise = noise;
        this.seed = seed;
    }

    /** Measures the spread over the first {@code count} clips. */
    static Spread spread(ClipTokens tokens, Network network, int count) throws IOException {
        int width = network.config().decoder().hidden();
        double[][] sums = new double[4][width];
        try (NDManager root = NDManager.newBaseManager(ai.djl.Device.cpu())) {
            for (int clip = 0; clip < count; clip++) {
                try (NDManager scope = root.newSubManager()) {
                    Tokens one = tokens.of(scope, network, new int[] {clip});
                    add(sums[0], sums[1], one.video().mean(new int[] {1}).toFloatArray());
                    add(sums[2], sums[3], one.audio().mean(new int[] {1}).toFloatArray());
                }
            }
        }
        return new Spread(deviation(sums[0], sums[1], count), deviation(sums[2], sums[3], count));
    }

    private static void add(double[] sum, double[] squares, float[] values) {
        for (int d = 0; d < values.length; d++) {
            sum[d] += values[d];
            squares[d] += (double) values[d] * values[d];
        }
    }

    private static float[] deviation(double[] sum, double[] squares, int count) {
        float[] deviation = new float[sum.length];
        for (int d = 0; d < deviation.length; d++) {
            double mean = sum[d] / count;
            deviation[d] = (float) Math.sqrt(Math.max(0, squares[d] / count - mean * mean));
        }
        return deviation;
    }

    @Override
    public Tokens of(NDManager scope, Network network, int[] clips) throws IOException {
        Tokens exact = clean.of(scope, network, clips);
        int width = spread.visual().length;
        float[] seen = new float[clips.length * width];
        float[] heard = new float[clips.length * width];
        for (int c = 0; c < clips.length; c++) {
            SplittableRandom random = new SplittableRandom(new SplittableRandom(seed.applyAsLong(clips[c])).nextLong());
            for (int d = 0; d < width; d++) {
                seen[c * width + d] = (float) (noise.visual() * spread.visual()[d] * random.nextGaussian());
                heard[c * width + d] = (float) (noise.audio() * spread.audio()[d] * random.nextGaussian());
            }
        }
        Shape shape = new Shape(clips.length, 1, width);
        NDArray video = exact.video().add(scope.create(seen, shape));
        NDArray audio = exact.audio().add(scope.create(heard, shape));
        video.attach(scope);
        audio.attach(scope);
        return new Tokens(video, audio);
    }
}
