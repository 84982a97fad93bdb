package io.migr.cli.bench;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.util.cuda.CudaUtils;
import io.migr.engine.Kernels;
import io.migr.engine.Kernels.Precision;
import io.migr.engine.Weights;
import io.migr.model.decode.Generator;
import io.migr.model.decode.Sampling;
import io.migr.model.decode.TokenConstraint;
import io.migr.model.network.Network;
import io.migr.model.network.TokenSplice;
import java.util.Arrays;
import java.util.Collections;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/** Times a whole network with random weights, from frames and log-mel to the last token. */
final class NetworkBenchmark implements AutoCloseable {
    /** Text tokens of the prompt; about as many as in the released prompt. */
    private static final int TEXT_TOKENS = 78;

    private static final int ROUNDS = 3;

    private final Device device;
    private final NDManager root;
    private final Kernels kernels;
    private final Weights weights;
    private final Network network;

    /**
     * Creates the network with random weights.
     *
     * @param bfloat multiply matrices in bfloat16
     */
    NetworkBenchmark(Network.Config config, Device device, boolean bfloat) {
        this.device = device;
        root = NDManager.newBaseManager(device);
        kernels = new Kernels(root, Precision.of(bfloat));
        Kernels.recordGradients(false);
        weights = Weights.random(root, Network.manifest(config), uniform(1));
        network = new Network(config, weights, kernels);
    }

    /**
     * A generator whose {@code nextGaussian} returns uniform numbers with standard deviation 1, because over a billion
     * are drawn, and drawing from a normal distribution takes much longer.
     */
    static RandomGenerator uniform(long seed) {
        return new Uniform(new SplittableRandom(seed));
    }

    private record Uniform(SplittableRandom random) implements RandomGenerator {
        @Override
        public long nextLong() {
            return random.nextLong();
        }

        @Override
        public double nextGaussian() {
            return Math.sqrt(3) * random.nextDouble(-1, 1);
        }
    }

    /**
     * The times of a batch of clips; each part is the best of three rounds.
     *
     * @param batch number of clips
     * @param encode seconds from frames and log-mel to video and audio tokens
     * @param prefill seconds for the prompt, until the first token's logits are read
     * @param decode seconds for one more token of every clip
     */
    record Times(int batch, double encode, double prefill, double decode) {
        /** Clips per second if each explanation has {@code words} tokens. */
        double clipsPerSecond(int words) {
            return batch / (encode + prefill + words * decode);
        }
    }

    /** The number of parameters of the network. */
    long parameters() {
        return weights.size();
    }

    /** Bytes of GPU memory in use by all processes; 0 on a CPU. */
    long deviceMemory() {
        return device.isGpu() ? CudaUtils.getGpuMemory(device).getCommitted() : 0;
    }

    /**
     * Measures a batch; the first round is a warm-up and not counted.
     *
     * @param words tokens of an explanation
     */
    Times run(int batch, int words) {
        double[] best = {Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY};
        for (int round = 0; round <= ROUNDS; round++) {
            double[] seconds = round(batch, words);
            for (int part = 0; part < best.length && round > 0; part++) {
                best[part] = Math.min(best[part], seconds[part]);
            }
        }
        return new Times(batch, best[0], best[1], best[2]);
    }

    private double[] round(int batch, int words) {
        Network.Config config = network.config();
        int image = config.vision().image();
        try (NDManager scope = root.newSubManager()) {
            NDArray pixels = noise(scope, batch * config.frames(), 3, image, image);
            NDArray mel = noise(
                    scope, batch, config.audio().mels(), 2 * config.audio().positions());
            NDArray branches = scope.create(new float[] {0.4f, 0.3f, 0.3f}, new Shape(1, 3));
            long start = System.nanoTime();
            NDArray video = network.videoTokens(scope, network.visionFeatures(scope, pixels), branches);
            NDArray audio = network.audioTokens(scope, network.audioFeatures(scope, mel));
            // a GPU computes asynchronously; reading a value waits for it
            awaitComputed(video);
            awaitComputed(audio);
            long encoded = System.nanoTime();
            long[] ids = new long[TEXT_TOKENS];
            ids[TEXT_TOKENS / 3] = TokenSplice.VIDEO;
            ids[TEXT_TOKENS / 2] = TokenSplice.AUDIO;
            TokenSplice splice = TokenSplice.of(
                    Collections.nCopies(batch, ids), null, config.videoTokens(), config.audioTokens(), true);
            NDArray embeddings = network.embed(scope, splice, video, audio);
            generate(embeddings, batch, 1);
            long first = System.nanoTime();
            generate(embeddings, batch, words + 1);
            long last = System.nanoTime();
            double prefill = (first - encoded) / 1e9;
            return new double[] {(encoded - start) / 1e9, prefill, ((last - first) / 1e9 - prefill) / words};
        }
    }

    private void generate(NDArray embeddings, int batch, int limit) {
        long[] sequences = new long[batch];
        Arrays.setAll(sequences, i -> i);
        // -1 is an end token that no row can pick, so every row decodes to the limit
        new Generator(network.decoder(), -1)
                .generate(
                        embeddings,
                        null,
                        Collections.nCopies(batch, TokenConstraint.NONE),
                        sequences,
                        limit,
                        Sampling.GREEDY);
    }

    private static void awaitComputed(NDArray computed) {
        try (NDArray one = computed.get("0, 0, 0")) {
            one.getFloat();
        }
    }

    private static NDArray noise(NDManager scope, long... shape) {
        Shape wanted = new Shape(shape);
        float[] values = new float[(int) wanted.size()];
        SplittableRandom random = new SplittableRandom(2);
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextDouble(-1, 1);
        }
        return scope.create(values, wanted);
    }

    @Override
    public void close() {
        weights.close();
        kernels.close();
        root.close();
    }
}
