package io.migr.cli.bench;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.migr.engine.AdamW;
import io.migr.engine.Kernels;
import io.migr.engine.Losses;
import io.migr.engine.Weights;
import io.migr.model.decode.Generator;
import io.migr.model.decode.Sampling;
import io.migr.model.decode.TokenConstraint;
import io.migr.model.network.Decoder;
import java.util.Arrays;
import java.util.Collections;
import java.util.SplittableRandom;

/** Times only the decoder, at a size for which figures are published: width 256, 4 layers, float32. */
final class DecoderBenchmark implements AutoCloseable {
    private static final Decoder.Config CONFIG = new Decoder.Config(256, 4, 4, 2, 704, 2048, 512, 10_000, 1e-6, true);
    private static final int PROMPT = 16;
    private static final int NEW_TOKENS = 128;
    private static final int ROUNDS = 5;
    private static final int TRAIN_BATCH = 16;
    private static final int TRAIN_LENGTH = 128;

    private final NDManager root = NDManager.newBaseManager(Device.cpu());
    private final Kernels kernels = new Kernels(root);
    private final Weights weights = Weights.random(root, Decoder.manifest(CONFIG), new SplittableRandom(1));
    private final Decoder decoder = new Decoder(CONFIG, weights, kernels);

    /** New tokens per second over all rows, including prefill; the best of five rounds after one warm-up round. */
    double tokensPerSecond(int batch) {
        Kernels.recordGradients(false);
        // -1 is an end token that no row can pick, so every row decodes to the limit
        Generator generator = new Generator(decoder, -1);
        double best = 0;
        for (int round = 0; round <= ROUNDS; round++) {
            try (NDManager scope = root.newSubManager()) {
                long[] ids = new SplittableRandom(2)
                        .longs((long) batch * PROMPT, 0, CONFIG.vocabulary())
                        .toArray();
                long[] sequences = new long[batch];
                Arrays.setAll(sequences, i -> i);
                long start = System.nanoTime();
                NDArray prompts = decoder.embed(scope, scope.create(ids, new Shape(batch, PROMPT)));
                generator.generate(
                        prompts,
                        null,
                        Collections.nCopies(batch, TokenConstraint.NONE),
                        sequences,
                        NEW_TOKENS,
                        Sampling.GREEDY);
                double seconds = (System.nanoTime() - start) / 1e9;
                best = round == 0 ? 0 : Math.max(best, batch * NEW_TOKENS / seconds);
            }
        }
        return best;
    }

    /** Seconds for one optimiser step over 16 rows of 128 tokens; the best of five after one warm-up step. */
    double trainStepSeconds() {
        Kernels.recordGradients(true);
        double best = Double.POSITIVE_INFINITY;
        try (AdamW optimiser = new AdamW(weights, name -> true, kernels, AdamW.Settings.usual())) {
            for (int round = 0; round <= ROUNDS; round++) {
                long start = System.nanoTime();
                try (NDManager scope = root.newSubManager()) {
                    Shape shape = new Shape(TRAIN_BATCH, TRAIN_LENGTH);
                    long[] ids = new SplittableRandom(round)
                            .longs(shape.size(), 0, CONFIG.vocabulary())
                            .toArray();
                    NDArray input = scope.create(ids, shape);
                    NDArray hidden = decoder.hidden(scope, decoder.embed(scope, input), null, CONFIG.layers());
                    NDArray loss = Losses.crossEntropy(kernels, scope, decoder.logits(scope, hidden), input);
                    Kernels.backward(loss);
                    optimiser.step(1e-4);
                }
                best = round == 0 ? best : Math.min(best, (System.nanoTime() - start) / 1e9);
            }
        } finally {
            Kernels.recordGradients(false);
        }
        return best;
    }

    @Override
    public void close() {
        weights.close();
        kernels.close();
        root.close();
    }
}
