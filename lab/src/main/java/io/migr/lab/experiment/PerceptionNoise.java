package io.migr.lab.experiment;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.migr.model.network.Network;
import io.migr.trainer.grpo.ClipTokens;
import java.io.IOException;
import java.util.SplittableRandom;
import java.util.function.IntToLongFunction;

/**
 * Degrades tokens to simulate a coarser and noisier perception: neighbouring tokens are averaged, and all tokens of a
 * clip's modality are shifted by one random vector, which depends on the clip only. Noise that differs from token to
 * token would average out in the decoder; this does not.
 */
final class PerceptionNoise implements ClipTokens {

    /** Standard deviation over clips of the mean token, in each dimension. */
    record Spread(float[] visual, float[] audio) {}

    private final ClipTokens exact;
    private final Spread spread;
    private final Plan.Perception plan;
    private final IntToLongFunction seed;

    /** Creates a degraded view of {@code exact}.
     *
     * @param seed gives the seed of a clip, which determines its noise
     */
    PerceptionNoise(ClipTokens exact, Spread spread, Plan.Perception plan, IntToLongFunction seed) {
        this.exact = exact;
        this.spread = spread;
        this.plan = plan;
        this.seed = seed;
    }

    /** Measures the spread over some clips. */
    static Spread spread(ClipTokens tokens, Network network, int[] clips) throws IOException {
        int width = network.config().decoder().hidden();
        double[][] sums = new double[4][width];
        try (NDManager root = NDManager.newBaseManager(network.device())) {
            for (int clip : clips) {
                try (NDManager scope = root.newSubManager()) {
                    Tokens one = tokens.of(scope, network, new int[] {clip});
                    add(sums[0], sums[1], pool(one.video().toFloatArray(), 1, 1, width));
                    add(sums[2], sums[3], pool(one.audio().toFloatArray(), 1, 1, width));
                }
            }
        }
        return new Spread(deviation(sums[0], sums[1], clips.length), deviation(sums[2], sums[3], clips.length));
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

    /**
     * Averages each clip's tokens in {@code groups} groups of neighbours.
     *
     * @param tokens {@code [clips][tokens][width]}
     * @return {@code [clips][groups][width]}
     * @throws IllegalArgumentException if the number of a clip's tokens is not a multiple of {@code groups}
     */
    static float[] pool(float[] tokens, int clips, int groups, int width) {
        int group = tokens.length / (clips * groups * width);
        if (group * clips * groups * width != tokens.length) {
            throw new IllegalArgumentException("A clip's " + tokens.length / (clips * width)
                    + " tokens cannot be averaged in " + groups + " groups of equal size; give a divisor.");
        }
        float[] means = new float[clips * groups * width];
        for (int i = 0; i < tokens.length; i++) {
            means[i / (group * width) * width + i % width] += tokens[i] / group;
        }
        return means;
    }

    @Override
    public int video(Network.Config config) {
        return plan.visualTokens();
    }

    @Override
    public int audio(Network.Config config) {
        return plan.audioTokens();
    }

    @Override
    public Tokens of(NDManager scope, Network network, int[] clips) throws IOException {
        int width = spread.visual().length;
        float[] seen;
        float[] heard;
        try (NDManager passing = scope.newSubManager()) {
            Tokens all = exact.of(passing, network, clips);
            seen = pool(all.video().toFloatArray(), clips.length, plan.visualTokens(), width);
            heard = pool(all.audio().toFloatArray(), clips.length, plan.audioTokens(), width);
        }
        for (int c = 0; c < clips.length; c++) {
            SplittableRandom random = new SplittableRandom(new SplittableRandom(seed.applyAsLong(clips[c])).nextLong());
            shift(seen, c, plan.visualTokens(), plan.visualNoise(), spread.visual(), random);
            shift(heard, c, plan.audioTokens(), plan.audioNoise(), spread.audio(), random);
        }
        NDArray video = scope.create(seen, new Shape(clips.length, plan.visualTokens(), width));
        return new Tokens(video, scope.create(heard, new Shape(clips.length, plan.audioTokens(), width)));
    }

    private static void shift(
            float[] tokens, int clip, int count, double noise, float[] spread, SplittableRandom random) {
        for (int d = 0; d < spread.length; d++) {
            float moved = (float) (noise * spread[d] * random.nextGaussian());
            for (int t = 0; t < count; t++) {
                tokens[(clip * count + t) * spread.length + d] += moved;
            }
        }
    }
}
