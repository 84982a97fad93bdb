package io.migr.model.network;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.migr.engine.AdamW;
import io.migr.engine.Kernels;
import io.migr.engine.Losses;
import io.migr.engine.Weights;
import io.migr.model.decode.Generated;
import io.migr.model.decode.Generator;
import io.migr.model.decode.Sampling;
import io.migr.model.decode.TokenConstraint;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Long runs of a small decoder: nothing leaks, a seed reproduces, a restored optimiser continues identically. */
@Tag("slow")
final class MemoryTest {
    private static final Decoder.Config CONFIG = new Decoder.Config(32, 1, 2, 1, 64, 64, 64, 10_000, 1e-6, true);

    private final NDManager root = NDManager.newBaseManager("PyTorch");
    private final Kernels kernels = new Kernels(root);

    @BeforeEach
    void recordGradients() {
        Kernels.recordGradients(true);
    }

    @AfterEach
    void close() {
        Kernels.recordGradients(true);
        root.close();
    }

    private Weights weights() {
        return Weights.random(root, Decoder.manifest(CONFIG), new SplittableRandom(5));
    }

    /** One step on the rule "next = id + 1". */
    private float train(Decoder decoder, AdamW optimiser, int step) {
        try (NDManager scope = root.newSubManager()) {
            long[] ids = new long[4 * 8];
            long[] next = new long[ids.length];
            for (int i = 0; i < ids.length; i++) {
                ids[i] = (step * 7L + i / 8 * 13L + i % 8) % 64;
                next[i] = (ids[i] + 1) % 64;
            }
            NDArray embedded = decoder.embed(scope, scope.create(ids, new Shape(4, 8)));
            NDArray logits = decoder.logits(scope, decoder.hidden(scope, embedded, null, 1));
            NDArray loss = Losses.crossEntropy(kernels, scope, logits, scope.create(next, new Shape(4, 8)));
            Kernels.backward(loss);
            float value = loss.getFloat();
            optimiser.step(3e-3);
            return value;
        }
    }

    @Test
    void twoThousandStepsAndTwoThousandInferencesKeepTheSameArrays() {
        Weights weights = weights();
        Decoder decoder = new Decoder(CONFIG, weights, kernels);
        try (AdamW optimiser = new AdamW(weights, name -> true, kernels, AdamW.Settings.usual())) {
            float first = train(decoder, optimiser, 0);
            int arrays = weights.manager().getManagedArrays().size();
            int rootArrays = root.getManagedArrays().size();
            float last = first;
            for (int step = 1; step < 2_000; step++) {
                last = train(decoder, optimiser, step);
            }
            assertTrue(last < first / 10, "the rule was learned: " + first + " to " + last);
            assertEquals(arrays, weights.manager().getManagedArrays().size());
            Kernels.recordGradients(false);
            for (int i = 0; i < 2_000; i++) {
                List<Generated> out = generate(decoder, new long[] {i % 60, (i + 9) % 60}, Sampling.GREEDY, 3);
                assertEquals(i % 60 + 1, out.get(0).tokens()[0]);
            }
            assertEquals(arrays, weights.manager().getManagedArrays().size());
            assertEquals(rootArrays, root.getManagedArrays().size());
        }
    }

    private List<Generated> generate(Decoder decoder, long[] starts, Sampling sampling, int limit) {
        try (NDManager scope = root.newSubManager()) {
            NDArray embedded = decoder.embed(scope, scope.create(starts, new Shape(starts.length, 1)));
            return new Generator(decoder, -1)
                    .generate(
                            embedded,
                            null,
                            Collections.nCopies(starts.length, TokenConstraint.NONE),
                            starts,
                            limit,
                            sampling);
        }
    }

    @Test
    void aSeedReproducesARowWhateverElseIsInItsBatch() {
        Kernels.recordGradients(false);
        Decoder decoder = new Decoder(CONFIG, weights(), kernels);
        Sampling sampling = new Sampling(1, 0.95, 1, 42);
        Generated together =
                generate(decoder, new long[] {3, 17, 40}, sampling, 20).get(1);
        Generated alone = generate(decoder, new long[] {17}, sampling, 20).get(0);
        assertArrayEquals(together.tokens(), alone.tokens());
        Generated other = generate(decoder, new long[] {17}, new Sampling(1, 0.95, 1, 43), 20)
                .get(0);
        assertNotEquals(Arrays.toString(alone.tokens()), Arrays.toString(other.tokens()));
    }

    @Test
    void aConstraintIsObeyedAndRowsStopAlone() {
        Kernels.recordGradients(false);
        Decoder decoder = new Decoder(CONFIG, weights(), kernels);
        try (NDManager scope = root.newSubManager()) {
            NDArray embedded = decoder.embed(scope, scope.create(new long[] {1, 2}, new Shape(2, 1)));
            List<Generated> out = new Generator(decoder, 9)
                    .generate(
                            embedded,
                            null,
                            List.of(new OnlyThenStop(3), new OnlyThenStop(6)),
                            new long[2],
                            10,
                            new Sampling(1, 1, 1, 1));
            assertArrayEquals(new int[] {5, 5, 5}, out.get(0).tokens());
            assertArrayEquals(new int[] {5, 5, 5, 5, 5, 5}, out.get(1).tokens());
            assertTrue(out.get(0).stopped() && out.get(1).stopped());
        }
    }

    /** Token 5 a number of times, then the end. */
    private static final class OnlyThenStop implements TokenConstraint {
        private int left;

        OnlyThenStop(int times) {
            left = times;
        }

        @Override
        public int[] allowed() {
            return new int[] {left > 0 ? 5 : 9};
        }

        @Override
        public void accept(int token) {
            left--;
        }
    }

    @Test
    void aRestoredOptimiserContinuesBitForBit() {
        Weights weights = weights();
        Decoder decoder = new Decoder(CONFIG, weights, kernels);
        AdamW optimiser = new AdamW(weights, name -> true, kernels, AdamW.Settings.usual());
        for (int step = 0; step < 5; step++) {
            train(decoder, optimiser, step);
        }
        var state = optimiser.state();
        var saved = weights.tensors(false);
        train(decoder, optimiser, 5);
        float[] wanted = weights.get("model.norm.weight").toFloatArray();
        Weights again;
        try {
            again = Weights.of(root, "memory", saved, Decoder.manifest(CONFIG), name -> false);
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        AdamW resumed = new AdamW(again, name -> true, kernels, AdamW.Settings.usual());
        resumed.restore(state);
        train(new Decoder(CONFIG, again, kernels), resumed, 5);
        assertArrayEquals(wanted, again.get("model.norm.weight").toFloatArray());
    }
}
