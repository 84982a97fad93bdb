package io.migr.model.decode;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.migr.engine.Kernels;
import io.migr.engine.TensorOperations;
import io.migr.engine.Weights;
import io.migr.model.checkpoint.ModelSizes;
import io.migr.model.network.Network;
import io.migr.model.network.Parity;
import io.migr.model.network.TokenSplice;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A prompt run once gives the same scores and gradients as the prompt run before every text. */
final class SharedPromptTest {
    private static final Network.Config CONFIG = ModelSizes.micro(40);
    private static final int END = 2;
    private static final int GROUP = 3;
    private static final long[][] PROMPTS = {
        {TokenSplice.VIDEO, TokenSplice.AUDIO, 11, 12},
        {TokenSplice.AUDIO, 11, 12},
        {TokenSplice.VIDEO, TokenSplice.AUDIO, 11, 12}
    };

    private final NDManager root = NDManager.newBaseManager("PyTorch");
    private final Kernels kernels = new Kernels(root);
    private Weights weights;
    private Network network;

    @BeforeEach
    void open() {
        Kernels.recordGradients(false);
        weights = Weights.random(root, Network.manifest(CONFIG), new SplittableRandom(3));
        // larger than the usual initial values, so that attention and gradients are not flat
        SplittableRandom random = new SplittableRandom(4);
        for (NDArray parameter : weights.all().values()) {
            if (parameter.getShape().dimension() == 2) {
                float[] values = new float[(int) parameter.size()];
                for (int i = 0; i < values.length; i++) {
                    values[i] = (float) random.nextDouble(-0.3, 0.3);
                }
                parameter.set(values);
            }
        }
        network = new Network(CONFIG, weights, kernels);
    }

    @AfterEach
    void close() {
        Kernels.recordGradients(true);
        root.close();
    }

    private NDArray features(long seed, long... shape) {
        float[] values = new float[(int) new Shape(shape).size()];
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return root.create(values, new Shape(shape));
    }

    private NDArray video(int clips) {
        NDArray features = features(7, clips * 8L, 16, 32);
        return network.videoTokens(root, features, features(8, clips, 3));
    }

    private NDArray audio(int clips) {
        return network.audioTokens(root, features(9, clips, 200, 32));
    }

    private SharedPrompt prompt(NDManager scope) {
        TokenSplice splice = TokenSplice.of(
                List.of(PROMPTS),
                null,
                network.config().videoTokens(),
                network.config().audioTokens(),
                true);
        NDArray embeddings = network.embed(scope, splice, video(3), audio(3));
        return SharedPrompt.of(scope, network.decoder(), embeddings, splice.attentionOrNull());
    }

    /** Three texts for each of three prompts, from one token to nine. */
    private static List<int[]> texts() {
        List<int[]> texts = new ArrayList<>();
        SplittableRandom random = new SplittableRandom(5);
        for (int i = 0; i < PROMPTS.length * GROUP; i++) {
            texts.add(random.ints(1 + i, 3, 40).toArray());
        }
        return texts;
    }

    /** Prompt and text as one row each, as {@link Network#loss} takes them. */
    private NDArray plainLoss() {
        List<long[]> rows = new ArrayList<>();
        List<long[]> targets = new ArrayList<>();
        List<int[]> texts = texts();
        for (int i = 0; i < texts.size(); i++) {
            long[] asked = PROMPTS[i / GROUP];
            long[] row = Arrays.copyOf(asked, asked.length + texts.get(i).length);
            for (int t = 0; t < texts.get(i).length; t++) {
                row[asked.length + t] = texts.get(i)[t];
            }
            long[] target = row.clone();
            Arrays.fill(target, 0, asked.length, TokenSplice.IGNORED);
            rows.add(row);
            targets.add(target);
        }
        TokenSplice splice = TokenSplice.of(
                rows, targets, network.config().videoTokens(), network.config().audioTokens(), false);
        NDArray index = root.create(
                IntStream.range(0, rows.size()).mapToLong(i -> i / GROUP).toArray());
        NDArray[] tokens = TensorOperations.rows(kernels, root, new NDArray[] {video(3), audio(3)}, index);
        return network.loss(root, splice, network.embed(root, splice, tokens[0], tokens[1]));
    }

    private Map<String, float[]> gradients(NDArray loss) {
        Kernels.backward(loss);
        Map<String, float[]> gradients = new LinkedHashMap<>();
        weights.all().forEach((name, parameter) -> {
            if (parameter.hasGradient()) {
                gradients.put(name, parameter.getGradient().toFloatArray());
            }
        });
        weights.zeroGradients();
        return gradients;
    }

    @Test
    void lossAndGradientsEqualThoseOfWholeSequences() {
        Kernels.recordGradients(true);
        weights.train(name -> name.contains("mm_projector")
                || name.contains("audio_projector")
                || name.startsWith("model.layers")
                || name.startsWith("model.embed_tokens")
                || name.startsWith("model.norm"));
        NDArray plain = plainLoss();
        Map<String, float[]> wanted = gradients(plain);
        NDArray shared = prompt(root).loss(root, texts());
        assertEquals(plain.getFloat(), shared.getFloat(), Parity.LOSSES);
        Map<String, float[]> actual = gradients(shared);
        assertEquals(wanted.keySet(), actual.keySet());
        wanted.forEach((name, gradient) -> Parity.close(name, gradient, actual.get(name), Parity.GRADIENTS));
        // the gradient through the prompt is not zero: the projectors get theirs only through it
        float largest = 0;
        for (float value : actual.get("model.audio_projector.2.weight")) {
            largest = Math.max(largest, Math.abs(value));
        }
        assertTrue(largest > 1e-4, "the audio projector's largest gradient is " + largest);
    }

    @Test
    void aPromptIsRunOnceForAllItsTexts() {
        Network.Work before = network.work();
        prompt(root).score(root, texts(), null);
        Network.Work done = network.work().minus(before);
        assertEquals(3, done.prompts());
        assertEquals(9, done.continuations());
    }

    @Test
    void renormalisesOverTheAllowedTokens() {
        int[] text = {5, 6, 7};
        List<int[]> texts = Collections.nCopies(3, text);
        int[][] allowed = {{5, 9}, null, {7}};
        float[] free = prompt(root).score(root, texts, null).logProbs().toFloatArray();
        float[] bound = prompt(root)
                .score(root, texts, Collections.nCopies(3, allowed))
                .logProbs()
                .toFloatArray();
        int[] other = {9, 6, 7};
        float[] rival = prompt(root)
                .score(root, Collections.nCopies(3, other), null)
                .logProbs()
                .toFloatArray();
        for (int i = 0; i < 9; i += 3) {
            double own = Math.exp(free[i]);
            assertEquals(Math.log(own / (own + Math.exp(rival[i]))), bound[i], 1e-4);
            assertEquals(free[i + 1], bound[i + 1], 1e-5);
            assertEquals(0, bound[i + 2], 1e-6);
        }
    }

    @Test
    void entropyIsTakenOverTheWholeDistribution() {
        float[] bits = prompt(root)
                .score(
                        root,
                        Collections.nCopies(3, new int[] {5, 6}),
                        List.of(new int[][] {{5, 5}, {6}}, new int[][] {{5}, {6}}, new int[][] {{5}, {6}}))
                .entropies()
                .toFloatArray();
        assertArrayEquals(new float[6], bits, 1e-5f);
        float[] free = prompt(root)
                .score(root, Collections.nCopies(3, new int[] {5}), null)
                .entropies()
                .toFloatArray();
        for (float entropy : free) {
            assertTrue(entropy > 0 && entropy < Math.log(40), "entropy " + entropy);
        }
    }

    /** Leaves a choice at some places only, at others than the rows beside it; after 40 tokens nothing but the end. */
    private static TokenConstraint choosingAtTimes(int row) {
        return new TokenConstraint() {
            private int count;

            @Override
            public int[] allowed() {
                if (count == 40 + row) {
                    return new int[] {END};
                }
                return count % (2 + row % 3) == 0 ? null : new int[] {3 + (7 * count + row) % 37};
            }

            @Override
            public void accept(int token) {
                count++;
            }
        };
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void decodesEveryTextAsIfItWereAlone(boolean constrained) {
        IntFunction<TokenConstraint> constraint = row -> constrained ? choosingAtTimes(row) : TokenConstraint.NONE;
        Sampling sampling = new Sampling(1, 1, 1, 11);
        long[] sequences = {100, 101, 102, 200, 201, 202, 300, 301, 302};
        List<Generated> together = new GroupGenerator(network, END)
                .generate(
                        root,
                        prompt(root),
                        GROUP,
                        IntStream.range(0, 9).mapToObj(constraint).toList(),
                        sequences,
                        60,
                        sampling);
        TokenSplice splice = TokenSplice.of(
                List.of(PROMPTS),
                null,
                network.config().videoTokens(),
                network.config().audioTokens(),
                true);
        NDArray embeddings = network.embed(root, splice, video(3), audio(3));
        for (int g = 0; g < GROUP; g++) {
            List<Generated> alone = new Generator(network.decoder(), END)
                    .generate(
                            embeddings,
                            splice.attentionOrNull(),
                            List.of(constraint.apply(g), constraint.apply(3 + g), constraint.apply(6 + g)),
                            new long[] {sequences[g], sequences[3 + g], sequences[6 + g]},
                            60,
                            sampling);
            for (int p = 0; p < 3; p++) {
                Generated wanted = alone.get(p);
                Generated actual = together.get(p * GROUP + g);
                assertArrayEquals(wanted.tokens(), actual.tokens());
                assertEquals(wanted.stopped(), actual.stopped());
            }
        }
        // some texts stopped early, so lanes were removed during decoding
        assertTrue(together.stream().anyMatch(Generated::stopped));
        assertTrue(together.stream()
                        .mapToInt(text -> text.tokens().length)
                        .distinct()
                        .count()
                > 3);
    }

    @Test
    void rejectsInvalidTexts() {
        SharedPrompt prompt = prompt(root);
        assertThrows(IllegalArgumentException.class, () -> prompt.score(root, List.of(new int[] {1}), null));
        List<int[]> tooLong = Collections.nCopies(3, new int[500]);
        assertThrows(IllegalArgumentException.class, () -> prompt.score(root, tooLong, null));
    }
}
