package io.migr.model.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.migr.engine.Kernels;
import io.migr.engine.TensorOperations;
import java.util.Arrays;

/** Cosine and sine of the rotary angles, position by position. */
public final class Rotary {
    private final Kernels kernels;
    private final int positions;
    private final NDArray cosine;
    private final NDArray sine;

    /** Tables for heads of width {@code head}, owned by {@code owner}. */
    Rotary(NDManager owner, Kernels kernels, int positions, int head, double theta) {
        this.kernels = kernels;
        this.positions = positions;
        float[] cos = new float[positions * head];
        float[] sin = new float[cos.length];
        for (int t = 0; t < positions; t++) {
            for (int j = 0; j < head; j++) {
                // float32 inverse frequencies, as in the reference
                float frequency = (float) (1.0 / Math.pow(theta, 2.0 * (j % (head / 2)) / head));
                cos[t * head + j] = (float) Math.cos((float) t * frequency);
                sin[t * head + j] = (float) Math.sin((float) t * frequency);
            }
        }
        cosine = owner.create(cos, new Shape(positions, head));
        sine = owner.create(sin, new Shape(positions, head));
    }

    /** Cosine and sine of positions {@code from} to {@code to}, {@code [to-from,head]}. */
    NDArray[] rows(NDManager scope, int from, int to) {
        return new NDArray[] {rows(scope, cosine, from, to), rows(scope, sine, from, to)};
    }

    private static NDArray rows(NDManager scope, NDArray table, int from, int to) {
        NDArray rows = table.get(from + ":" + to);
        rows.attach(scope);
        return rows;
    }

    /** Cosine and sine of given positions, {@code [batch,1,length,head]}. */
    public NDArray[] at(NDManager scope, long[] at, int batch, int length) {
        NDArray ids = scope.create(at, new Shape(batch, 1, length));
        return new NDArray[] {
            TensorOperations.embedding(kernels, scope, ids, cosine),
            TensorOperations.embedding(kernels, scope, ids, sine)
        };
    }

    /**
     * Tables of {@code length} positions from each row's own start.
     *
     * @return cosine and sine, {@code [rows,1,length,head]}, or {@code [length,head]} if all starts are equal
     */
    public NDArray[] from(NDManager scope, long[] starts, int length) {
        long furthest = Arrays.stream(starts).max().orElseThrow() + length;
        if (furthest > positions) {
            throw new IllegalArgumentException("A prompt and its continuation take " + furthest
                    + " positions, the decoder has " + positions + ". Lower the limit of new tokens.");
        }
        int first = (int) starts[0];
        if (Arrays.stream(starts).allMatch(start -> start == first)) {
            return rows(scope, first, first + length);
        }
        long[] at = new long[starts.length * length];
        for (int i = 0; i < at.length; i++) {
            at[i] = starts[i / length] + i % length;
        }
        return at(scope, at, starts.length, length);
    }
}
