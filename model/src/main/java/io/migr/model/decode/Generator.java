package io.migr.model.decode;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.migr.model.network.Decoder;
import io.migr.model.network.TokenSplice;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Batched decoding with a key-value cache. Rows stop independently, and finished ones leave the batch; a row's tokens
 * depend only on its own prompt, constraint and random numbers (up to rounding, which depends on the batch's shape).
 * Tokens that a constraint leaves no choice about are run together with the one before them. Must run on a thread that
 * records no gradients.
 */
public final class Generator {
    /** Places for tokens after the prompt to begin with, and how many are added when they are full. */
    private static final int ROOM = 48;

    private final Decoder decoder;
    private final int endToken;

    public Generator(Decoder decoder, int endToken) {
        this.decoder = decoder;
        this.endToken = endToken;
    }

    /**
     * Continues every prompt.
     *
     * @param prompts embeddings {@code [B,T,hidden]}, shorter ones padded on the left
     * @param attention {@code [B][T]} true for real positions; null: no padding
     * @param constraints one per row
     * @param sequences one number per row that determines its random draws
     * @param limit most tokens to generate per row
     */
    public List<Generated> generate(
            NDArray prompts,
            boolean[][] attention,
            List<? extends TokenConstraint> constraints,
            long[] sequences,
            int limit,
            Sampling sampling) {
        int batch = (int) prompts.getShape().get(0);
        int length = (int) prompts.getShape().get(1);
        List<DecodingSequence> rows = new ArrayList<>();
        for (int b = 0; b < batch; b++) {
            rows.add(new DecodingSequence(constraints.get(b), sampling.random(sequences[b]), limit));
        }
        try (NDManager root = prompts.getManager().newSubManager()) {
            Cache cache;
            try (NDManager scope = root.newSubManager()) {
                NDArray[] out = decoder.prefill(scope, prompts, attention);
                pick(rows, decoder.lastLogits(scope, out[0]).toFloatArray(), sampling);
                cache = new Cache(root, rows, attention, length, Arrays.copyOfRange(out, 1, out.length));
            }
            while (cache.unfinished()) {
                cache.shrink();
                pick(cache.rows, cache.step(), sampling);
            }
        }
        return rows.stream().map(DecodingSequence::result).toList();
    }

    private void pick(List<DecodingSequence> rows, float[] logits, Sampling sampling) {
        int vocabulary = logits.length / rows.size();
        for (int b = 0; b < rows.size(); b++) {
            rows.get(b).pick(logits, b, vocabulary, sampling, endToken);
            rows.get(b).force(sampling, endToken);
        }
    }

    /**
     * Keys and values of the rows in the batch. A step takes the same number of places for all rows; where a row has
     * fewer tokens, the rest of its places stay closed.
     */
    private final class Cache {
        private final NDManager root;
        private List<DecodingSequence> rows;
        /** Per row, which of the places taken so far hold a token that later ones may see. */
        private boolean[][] open;
        /** Per row, the position of its next token. */
        private long[] positions;

        private boolean padded;
        private int taken;
        private int places;
        private NDManager owner;
        private NDArray[] keysAndValues;

        Cache(NDManager root, List<DecodingSequence> rows, boolean[][] attention, int length, NDArray[] prompts) {
            this.root = root;
            this.rows = rows;
            padded = attention != null;
            positions = TokenSplice.lengths(attention, rows.size(), length);
            open = new boolean[rows.size()][length];
            for (int b = 0; b < open.length; b++) {
                for (int u = 0; u < length; u++) {
                    open[b][u] = attention == null || attention[b][u];
                }
            }
            taken = length;
            grow(length + ROOM, prompts);
        }

        private void grow(int wanted, NDArray[] full) {
            places = wanted;
            NDManager next = root.newSubManager();
            replace(next, decoder.grown(next, full, places));
        }

        boolean unfinished() {
            return rows.stream().anyMatch(row -> !row.done());
        }

        /** Removes finished rows if they are enough to pay for the copy. */
        void shrink() {
            long unfinished = rows.stream().filter(row -> !row.done()).count();
            if (unfinished >= GroupGenerator.SHRINK_BELOW * rows.size()) {
                return;
            }
            List<DecodingSequence> kept = new ArrayList<>();
            long[] index = new long[(int) unfinished];
            long[] keptPositions = new long[index.length];
            boolean[][] keptOpen = new boolean[index.length][];
            for (int b = 0; b < rows.size(); b++) {
                if (!rows.get(b).done()) {
                    index[kept.size()] = b;
                    keptPositions[kept.size()] = positions[b];
                    keptOpen[kept.size()] = open[b];
                    kept.add(rows.get(b));
                }
            }
            rows = kept;
            positions = keptPositions;
            open = keptOpen;
            NDManager next = root.newSubManager();
            try (NDManager passing = next.newSubManager()) {
                replace(next, decoder.rows(next, keysAndValues, passing.create(index)));
            }
        }

        private void replace(NDManager next, NDArray[] arrays) {
            keysAndValues = arrays;
            if (owner != null) {
                owner.close();
            }
            owner = next;
        }

        /** Runs the tokens that were picked since the last step; returns logits {@code [rows][vocabulary]}. */
        float[] step() {
            int batch = rows.size();
            int[][] tokens = new int[batch][];
            int width = 1;
            for (int b = 0; b < batch; b++) {
                tokens[b] = rows.get(b).take();
                width = Math.max(width, tokens[b].length);
            }
            if (taken + width > places) {
                grow(taken + width + ROOM, keysAndValues);
            }
            long[] ids = new long[batch * width];
            long[] at = new long[ids.length];
            long[] last = new long[batch];
            for (int b = 0; b < batch; b++) {
                int count = tokens[b].length; // 0 of a finished row: nobody reads its logits
                padded |= count < width && count > 0;
                last[b] = (long) b * width + Math.max(0, count - 1);
                open[b] = Arrays.copyOf(open[b], taken + width);
                for (int t = 0; t < width; t++) {
                    ids[b * width + t] = t < count ? tokens[b][t] : 0;
                    at[b * width + t] = positions[b] + Math.max(0, Math.min(t, count - 1));
                    open[b][taken + t] = t < count;
                }
                positions[b] += count;
            }
            try (NDManager scope = root.newSubManager()) {
                float[] logits = decoder.step(
                                scope,
                                scope.create(ids, new Shape(batch, width)),
                                decoder.rotary().at(scope, at, batch, width),
                                padded || width > 1 ? new NDArray[] {mask(scope, width)} : new NDArray[0],
                                keysAndValues,
                                taken,
                                scope.create(last))
                        .toFloatArray();
                taken += width;
                return logits;
            }
        }

        /** Which places each of the new tokens sees: the open ones up to its own. */
        private NDArray mask(NDManager scope, int width) {
            int batch = rows.size();
            int span = taken + width;
            float[] additive = new float[batch * width * span];
            for (int b = 0; b < batch; b++) {
                for (int t = 0; t < width; t++) {
                    int row = (b * width + t) * span;
                    for (int u = 0; u < span; u++) {
                        additive[row + u] = open[b][u] && u <= taken + t ? 0f : Decoder.MASKED;
                    }
                }
            }
            return scope.create(additive, new Shape(batch, 1, width, span));
        }
    }
}
