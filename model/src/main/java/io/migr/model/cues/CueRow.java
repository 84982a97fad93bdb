package io.migr.model.cues;

/** Writes rows of numbers one after the other; what is not written is 0. */
final class CueRow {
    /** Numbers in a row. */
    static final int VALUES = 8;

    /** Numbers further from 0 say no more. */
    private static final double LIMIT = 3;

    private final float[] values;
    private int next;
    private int end;

    CueRow(int rows) {
        values = new float[rows * VALUES];
    }

    /** Goes to the start of a row. */
    CueRow at(int row) {
        next = row * VALUES;
        end = next + VALUES;
        return this;
    }

    /** Writes the next number of the row, limited to -3..3. */
    CueRow put(double value) {
        if (next == end) {
            throw new IllegalStateException("A row has " + VALUES + " numbers.");
        }
        values[next++] = (float) Math.max(-LIMIT, Math.min(LIMIT, value));
        return this;
    }

    float[] values() {
        return values;
    }
}
