package io.migr.evaluation.judge;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.migr.engine.AdamW;
import io.migr.engine.Kernels;
import io.migr.engine.Losses;
import io.migr.engine.SafeTensors;
import io.migr.engine.Weights;
import io.migr.model.verify.SentenceEncoder;
import io.migr.model.verify.Verifier;
import io.migr.model.verify.WordList;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/**
 * Trains the reward's verifier from scratch with binary cross-entropy per class, in under a minute on one core. The
 * policy's own sentences are not trained on; they are only used to measure the result.
 */
public final class VerifierTraining {
    /** The seed of the shipped verifier. */
    public static final long SEED = 5;

    /** The number of training steps of the shipped verifier. */
    public static final int STEPS = 2_500;

    private static final List<String> FILES = List.of(Verifier.TENSORS, Verifier.WORDS);
    private static final int BATCH = 96;
    private static final double PEAK = 3e-3;
    private final long seed;
    private final int steps;
    private final Consumer<String> progress;

    /** Trains the shipped verifier; {@code progress} receives progress lines. */
    public VerifierTraining(Consumer<String> progress) {
        this(SEED, STEPS, progress);
    }

    /** Trains another verifier.
     *
     * @param seed seed of weights and examples
     * @param steps number of training steps; the learning rate decays to zero over them
     */
    public VerifierTraining(long seed, int steps, Consumer<String> progress) {
        this.seed = seed;
        this.steps = steps;
        this.progress = progress;
    }

    /**
     * Trains and writes {@code verifier.safetensors} (half precision) and {@code verifier-words.txt}.
     *
     * @param folder created if it does not exist; a verifier in it is replaced only if the new one is good enough
     * @return how well the written verifier reads
     * @throws IllegalStateException if its scores are too low; the message contains them
     */
    public VerifierReport run(Path folder) throws IOException {
        Files.createDirectories(folder);
        Path draft = Files.createTempDirectory(folder, "draft");
        try {
            VerifierReport report = train(draft);
            if (!report.sufficient()) {
                throw new IllegalStateException("The verifier is not accurate enough to be used: " + report
                        + "; it needs " + VerifierReport.NEEDED + ". Change its seed or its number of steps.");
            }
            for (String file : FILES) {
                Files.move(draft.resolve(file), folder.resolve(file), StandardCopyOption.REPLACE_EXISTING);
            }
            return report;
        } finally {
            for (String file : FILES) {
                Files.deleteIfExists(draft.resolve(file));
            }
            Files.delete(draft);
        }
    }

    /** Trains and writes a verifier without checking its scores. */
    VerifierReport train(Path folder) throws IOException {
        Files.createDirectories(folder);
        VerifierExamples examples = new VerifierExamples();
        WordList words = WordList.of(examples.words());
        try (NDManager root = NDManager.newBaseManager(Device.cpu());
                Kernels kernels = new Kernels(root);
                Weights weights = Weights.random(
                        root,
                        SentenceEncoder.manifest(words.size(), PoolSentences.LABELS.size() + 1),
                        new SplittableRandom(seed))) {
            Kernels.recordGradients(true);
            try {
                descend(weights, kernels, examples, words);
            } finally {
                Kernels.recordGradients(false);
            }
            SafeTensors.write(folder.resolve(Verifier.TENSORS), weights.tensors(true), Map.of("format", "pt"));
        }
        Files.write(folder.resolve(Verifier.WORDS), words.bytes());
        try (Verifier verifier = Verifier.load(folder)) {
            return VerifierReport.of(verifier);
        }
    }

    private void descend(Weights weights, Kernels kernels, VerifierExamples examples, WordList words) {
        SentenceEncoder encoder = new SentenceEncoder(weights, kernels);
        SplittableRandom random = new SplittableRandom(seed + 1);
        try (AdamW optimiser = new AdamW(weights, name -> true, kernels, AdamW.Settings.usual())) {
            double sum = 0;
            for (int step = 0; step < steps; step++) {
                try (NDManager scope = weights.manager().newSubManager()) {
                    NDArray loss = loss(scope, encoder, kernels, examples, words, random);
                    Kernels.backward(loss);
                    sum += loss.getFloat();
                    optimiser.step(rate(step));
                }
                if ((step + 1) % 100 == 0) {
                    progress.accept(
                            String.format(Locale.ROOT, "verifier %d of %d, loss %.4f", step + 1, steps, sum / 100));
                    sum = 0;
                }
            }
        }
    }

    private double rate(int step) {
        double warm = Math.max(1, 0.05 * steps);
        return step < warm
                ? PEAK * (step + 1) / warm
                : PEAK * 0.5 * (1 + Math.cos(Math.PI * (step - warm) / Math.max(1, steps - warm)));
    }

    private static NDArray loss(
            NDManager scope,
            SentenceEncoder encoder,
            Kernels kernels,
            VerifierExamples examples,
            WordList words,
            SplittableRandom random) {
        int classes = PoolSentences.LABELS.size() + 1;
        List<int[]> rows = new ArrayList<>();
        float[] targets = new float[BATCH * classes];
        for (int i = 0; i < BATCH; i++) {
            LabelledSentence example = examples.draw(random);
            rows.add(words.ids(example.text(), SentenceEncoder.POSITIONS));
            for (int y = 0; y < classes - 1; y++) {
                targets[i * classes + y] = example.emotions().contains(PoolSentences.LABELS.get(y)) ? 1 : 0;
            }
            targets[(i + 1) * classes - 1] = example.emotions().isEmpty() ? 1 : 0;
        }
        Shape shape = new Shape(BATCH, classes);
        float[] ones = new float[targets.length];
        java.util.Arrays.fill(ones, 1f);
        return Losses.binaryCrossEntropy(
                kernels, scope, encoder.logits(scope, rows), scope.create(targets, shape), scope.create(ones, shape));
    }
}
