package io.migr.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.migr.model.generate.Generated;
import io.migr.model.generate.Sampling;
import io.migr.model.generate.TokenConstraint;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Batched decoding with a key-value cache. Rows stop one by one; a row's tokens depend on its own prompt,
 * constraint and random numbers alone. Run it on a thread that records no gradients.
 */
public final class Generator {
    private final Decoder decoder;
    private final int endToken;

    public Generator(Decoder decoder, int endToken) {
        this.decoder = decoder;
        this.endToken = endToken;
    }

    /** One row on its way. */
    private static final class Row {
        final TokenConstraint constraint;
        final SplittableRandom random;
        final int[] tokens;
        final float[] logProbs;
        int count;
        long position;
        boolean done;
        boolean stopped;

        Row(TokenConstraint constraint, SplittableRandom random, long position, int limit) {
            this.constraint = constraint;
            this.random = random;
            this.position = position;
            tokens = new int[limit];
            logProbs = new float[limit];
        }

        Generated result() {
            return new Generated(Arrays.copyOf(tokens, count), Arrays.copyOf(logProbs, count), stopped);
        }
    }

    /**
     * Continues every prompt.
     *
     * @param prompts embeddings {@code [B,T,hidden]}, shorter ones padded on the left
     * @param attention {@code [B][T]} true where real; null: no padding
     * @param constraints one per row
     * @param sequences one number per row that names its random draws
     * @param limit most tokens to generate
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
        List<Row> rows = new ArrayList<>();
        for (int b = 0; b < batch; b++) {
            int real = length;
            if (attention != null) {
                real = 0;
                for (boolean open : attention[b]) {
                    real += open ? 1 : 0;
                }
            }
            rows.add(new Row(constraints.get(b), sampling.random(sequences[b]), real, limit));
        }
        NDManager root = prompts.getManager();
        NDManager keep = root.newSubManager();
        try {
            NDArray[] cache;
            try (NDManager scope = root.newSubManager()) {
                NDArray[] out = decoder.prefill(scope, prompts, attention);
                NDArray last = out[0].get(":, " + (length - 1) + ":");
                last.attach(scope);
                NDArray logits = decoder.logits(scope, last);
                pick(rows, logits.toFloatArray(), sampling);
                cache = Arrays.copyOfRange(out, 1, out.length);
                NDManager owner = keep;
                Arrays.stream(cache).forEach(array -> array.attach(owner));
            }
            for (int t = 1; t < limit && rows.stream().anyMatch(row -> !row.done); t++) {
                NDManager next = root.newSubManager();
                try (NDManager scope = root.newSubManager()) {
                    NDArray[] out = step(scope, rows, cache, attention, length + t);
                    pick(rows, out[0].toFloatArray(), sampling);
                    cache = Arrays.copyOfRange(out, 1, out.length);
                    Arrays.stream(cache).forEach(array -> array.attach(next));
                }
                keep.close();
                keep = next;
            }
        } finally {
            keep.close();
        }
        return rows.stream().map(Row::result).toList();
    }

    private NDArray[] step(NDManager scope, List<Row> rows, NDArray[] cache, boolean[][] attention, int span) {
        int batch = rows.size();
        long[] ids = new long[batch];
        long[] positions = new long[batch];
        for (int b = 0; b < batch; b++) {
            Row row = rows.get(b);
            ids[b] = row.count == 0 ? endToken : row.tokens[row.count - 1];
            positions[b] = row.position++;
        }
        NDArray[] mask = new NDArray[0];
        if (attention != null) {
            float[] additive = new float[batch * span];
            for (int b = 0; b < batch; b++) {
                for (int t = 0; t < attention[b].length; t++) {
                    additive[b * span + t] = attention[b][t] ? 0f : -1e9f;
                }
            }
            mask = new NDArray[] {scope.create(additive, new Shape(batch, 1, 1, span))};
        }
        return decoder.step(
                scope, scope.create(ids, new Shape(batch, 1)), decoder.rotaryAt(scope, positions), mask, cache);
    }

    private void pick(List<Row> rows, float[] logits, Sampling sampling) {
        int vocabulary = logits.length / rows.size();
        for (int b = 0; b < rows.size(); b++) {
            Row row = rows.get(b);
            if (row.done) {
                continue;
            }
            float[] own = Arrays.copyOfRange(logits, b * vocabulary, (b + 1) * vocabulary);
            double normaliser = logSumExp(own);
            float[] plain = own.clone();
            sampling.penalise(own, row.tokens, row.count);
            int token = sampling.pick(own, row.constraint.allowed(), row.random);
            if (token == endToken) {
                row.done = true;
                row.stopped = true;
                continue;
            }
            row.constraint.accept(token);
            row.logProbs[row.count] = (float) (plain[token] - normaliser);
            row.tokens[row.count++] = token;
            row.done = row.count == row.tokens.length;
        }
    }

    private static double logSumExp(float[] logits) {
        double highest = Double.NEGATIVE_INFINITY;
        for (float logit : logits) {
            highest = Math.max(highest, logit);
        }
        double sum = 0;
        for (float logit : logits) {
            sum += Math.exp(logit - highest);
        }
        return highest + Math.log(sum);
    }
}
