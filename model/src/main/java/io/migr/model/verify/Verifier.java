package io.migr.model.verify;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import io.migr.engine.Kernels;
import io.migr.engine.SafeTensors;
import io.migr.engine.SafeTensors.Tensor;
import io.migr.engine.Weights;
import io.migr.model.Emotion;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The reward's verifier: a small transformer that finds which of the seven emotions a sentence asserts. Cue sentences
 * are evidence and assert nothing; neither do doubts, denials and weighings. Thread-safe until closed.
 */
public final class Verifier implements SentenceVerifier, AutoCloseable {
    /** The network's outputs: the labels, in this order, followed by one for a sentence that asserts nothing. */
    private static final List<Emotion> LABELS = Emotion.DFEW;

    public static final String TENSORS = "verifier.safetensors";
    public static final String WORDS = "verifier-words.txt";

    private final NDManager manager;
    private final Kernels kernels;
    private final Weights weights;
    private final WordList words;
    private final SentenceEncoder encoder;

    private Verifier(NDManager manager, Weights weights, WordList words) {
        this.manager = manager;
        this.weights = weights;
        this.words = words;
        kernels = new Kernels(manager);
        encoder = new SentenceEncoder(weights, kernels);
    }

    /** Loads the verifier that is shipped with this module. */
    public static Verifier shipped() {
        try (InputStream words = Verifier.class.getResourceAsStream(WORDS)) {
            return of(Device.cpu(), SafeTensors.readResource(Verifier.class, TENSORS), words.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Loads a verifier from a folder, as {@code migr train verifier} writes it.
     *
     * @throws IOException if a file is missing or invalid; the message says which
     */
    public static Verifier load(Path folder) throws IOException {
        Path words = folder.resolve(WORDS);
        if (!Files.isRegularFile(words)) {
            throw new IOException("There is no verifier in " + folder + ": expected " + TENSORS + " and " + WORDS
                    + ", as written by migr train verifier.");
        }
        return of(Device.cpu(), SafeTensors.read(folder.resolve(TENSORS)), Files.readAllBytes(words));
    }

    private static Verifier of(Device device, Map<String, Tensor> tensors, byte[] words) throws IOException {
        WordList list = WordList.read(words);
        NDManager manager = NDManager.newBaseManager(device);
        try {
            return new Verifier(
                    manager,
                    Weights.of(
                            manager,
                            "the verifier",
                            tensors,
                            SentenceEncoder.manifest(list.size(), LABELS.size() + 1),
                            name -> false),
                    list);
        } catch (IOException | RuntimeException e) {
            manager.close();
            throw e;
        }
    }

    @Override
    public List<Set<Emotion>> emotions(List<String> sentences) {
        if (sentences.isEmpty()) {
            return List.of();
        }
        List<int[]> rows = sentences.stream()
                .map(sentence -> words.ids(sentence, SentenceEncoder.POSITIONS))
                .toList();
        int classes = LABELS.size() + 1;
        List<Set<Emotion>> sets = new ArrayList<>();
        try (NDManager scope = manager.newSubManager()) {
            float[] logits = encoder.logits(scope, rows).toFloatArray();
            for (int r = 0; r < rows.size(); r++) {
                double[] probabilities = new double[classes];
                for (int y = 0; y < classes; y++) {
                    probabilities[y] = 1 / (1 + Math.exp(-logits[r * classes + y]));
                }
                sets.add(SentenceVerifier.chosen(probabilities, LABELS));
            }
        }
        return sets;
    }

    @Override
    public void close() {
        kernels.close();
        weights.close();
        manager.close();
    }
}
