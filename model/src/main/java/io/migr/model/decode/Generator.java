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
 * Batched decoding with a key-value cache. Rows stop independently; a row's tokens depend only on its own prompt,
 * constraint and random numbers. Must run on a thread that records no gradients.
 */
public final class Generator {
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
        long[] lengths = TokenSplice.lengths(attention, batch, length);
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
            for (int t = 1; t < limit && rows.stream().anyMatch(row -> !row.done()); t++) {
                NDManager next = root.newSubManager();
                try (NDManager scope = root.newSubManager()) {
                    NDArray[] out = step(scope, rows, lengths, t, cache, attention);
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
        return rows.stream().map(DecodingSequence::result).toList();
    }

    private NDArray[] step(
            NDManager scope,
            List<DecodingSequence> rows,
            long[] lengths,
            int t,
            NDArray[] cache,
            boolean[][] attention) {
        int batch = rows.size();
        long[] ids = new long[batch];
        long[] positions = new long[batch];
        for (int b = 0; b < batch; b++) {
            ids[b] = rows.get(b).last(endToken);
            positions[b] = lengths[b] + t - 1;
        }
        NDArray[] mask = new NDArray[0];
        if (attention != null) {
            int span = attention[0].length + t;
            float[] additive = new float[batch * span];
            for (int b = 0; b < batch; b++) {
                for (int u = 0; u < attention[b].length; u++) {
                    additive[b * span + u] = attention[b][u] ? 0f : Decoder.MASKED;
                }
            }
            mask = new NDArray[] {scope.create(additive, new Shape(batch, 1, 1, span))};
        }
        return decoder.step(
                scope,
                scope.create(ids, new Shape(batch, 1)),
                decoder.rotary().at(scope, positions, batch, 1),
                mask,
                cache);
    }

    private void pick(List<DecodingSequence> rows, float[] logits, Sampling sampling) {
        int vocabulary = logits.length / rows.size();
        for (int b = 0; b < rows.size(); b++) {
            rows.get(b).pick(logits, b, vocabulary, sampling, endToken);
        }
    }
}
