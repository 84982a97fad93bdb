package io.migr.model.verify;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.migr.engine.Kernels;
import io.migr.engine.Weights;
import io.migr.engine.Weights.Declaration;
import io.migr.engine.Weights.Start;
import io.migr.model.network.BertLayers;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A small transformer over the words of a sentence: two post-norm encoder layers; the state at the first position
 * passes through a two-layer head that gives one logit per class.
 */
public final class SentenceEncoder {
    /** Maximum number of ids of a sentence; the rest is cut off. */
    public static final int POSITIONS = 64;

    private static final int WIDTH = 48;
    private static final int INNER = 96;
    private static final int LAYERS = 2;
    private static final int HEADS = 4;
    private static final double EPSILON = 1e-6;
    private static final String[] EMBEDDING = {"words", "positions", "kinds", "norm.weight", "norm.bias"};
    private static final String[] HEAD = {"0.weight", "0.bias", "2.weight", "2.bias"};
    private static final String[] LAYER = {
        "query.weight", "query.bias", "key.weight", "key.bias", "value.weight", "value.bias", "out.weight", "out.bias",
        "norm1.weight", "norm1.bias", "up.weight", "up.bias", "down.weight", "down.bias", "norm2.weight", "norm2.bias"
    };

    private final Kernels kernels;
    private final NDArray[] embedding;
    private final NDArray[][] layers = new NDArray[LAYERS][];
    private final NDArray[] head;

    public SentenceEncoder(Weights weights, Kernels kernels) {
        this.kernels = kernels;
        embedding = weights.list("embedding.", EMBEDDING);
        for (int i = 0; i < LAYERS; i++) {
            layers[i] = weights.list("layers." + i + ".", LAYER);
        }
        head = weights.list("head.", HEAD);
    }

    /** Names, shapes and initial values of the parameters for a number of word ids and classes. */
    public static Map<String, Declaration> manifest(int words, int classes) {
        Map<String, Declaration> all = new LinkedHashMap<>();
        all.put("embedding.words", new Declaration(Start.SMALL, words, WIDTH));
        all.put("embedding.positions", new Declaration(Start.SMALL, POSITIONS, WIDTH));
        all.put("embedding.kinds", new Declaration(Start.SMALL, 1, WIDTH));
        all.put("embedding.norm.weight", new Declaration(Start.ONES, WIDTH));
        all.put("embedding.norm.bias", new Declaration(Start.ZEROS, WIDTH));
        for (int i = 0; i < LAYERS; i++) {
            for (String name : LAYER) {
                long out = name.startsWith("up") ? INNER : WIDTH;
                Declaration declared = name.endsWith("bias")
                        ? new Declaration(Start.ZEROS, out)
                        : name.startsWith("norm")
                                ? new Declaration(Start.ONES, out)
                                : new Declaration(Start.FAN_IN, out, name.startsWith("down") ? INNER : WIDTH);
                all.put("layers." + i + "." + name, declared);
            }
        }
        all.put("head.0.weight", new Declaration(Start.FAN_IN, WIDTH, WIDTH));
        all.put("head.0.bias", new Declaration(Start.ZEROS, WIDTH));
        all.put("head.2.weight", new Declaration(Start.SMALL, classes, WIDTH));
        all.put("head.2.bias", new Declaration(Start.ZEROS, classes));
        return all;
    }

    /** Maps the ids of n sentences to logits {@code [n,classes]}. */
    public NDArray logits(NDManager scope, List<int[]> rows) {
        int longest = rows.stream().mapToInt(row -> row.length).max().orElseThrow();
        long[] ids = new long[rows.size() * longest];
        float[] additive = new float[ids.length];
        for (int r = 0; r < rows.size(); r++) {
            for (int i = 0; i < longest; i++) {
                boolean real = i < rows.get(r).length;
                ids[r * longest + i] = real ? rows.get(r)[i] : WordList.PAD;
                additive[r * longest + i] = real ? 0f : -1e9f;
            }
        }
        Shape shape = new Shape(rows.size(), longest);
        NDArray mask = scope.create(additive, new Shape(rows.size(), 1, 1, longest));
        NDArray types = scope.create(new long[ids.length], shape);
        NDArray x = BertLayers.embed(kernels, scope, scope.create(ids, shape), types, embedding, EPSILON);
        for (NDArray[] layer : layers) {
            x = BertLayers.layer(kernels, scope, x, layer, mask, HEADS, EPSILON);
        }
        return BertLayers.firstTokenMlp(kernels, scope, x, head);
    }
}
