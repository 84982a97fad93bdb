package io.migr.model.network;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The source of every position in a batch of multimodal sequences. Text ids are kept in one flat list; a sentinel
 * represents all tokens of the row's video or audio.
 *
 * @param textIds all text ids of all rows, in order
 * @param index {@code [batch*length]} rows of the concatenation text, video tokens, audio tokens, one zero row
 * @param attention {@code [batch][length]} true for real positions, false for padding
 * @param labels {@code [batch*length]} next-token targets, already shifted; -100: none
 * @param length of the longest row
 * @param seen {@code [batch]} whether the row has video tokens
 * @param heard {@code [batch]} whether the row has audio tokens
 */
public record TokenSplice(
        long[] textIds,
        long[] index,
        boolean[][] attention,
        long[] labels,
        int length,
        boolean[] seen,
        boolean[] heard) {
    /** Sentinel id that represents all video tokens of a row. */
    public static final int VIDEO = -201;
    /** Sentinel id that represents all audio tokens of a row. */
    public static final int AUDIO = -202;
    /** Label of positions that the loss leaves out. */
    public static final long IGNORED = -100;

    /**
     * Lays out a batch.
     *
     * @param rows token ids with sentinels
     * @param targets per row, for each of its ids, the id itself if it is to be learned, otherwise -100; null: none
     * @param videoTokens tokens of one row's video
     * @param audioTokens tokens of one row's audio
     * @param left true: pad on the left (for generation); false: on the right (for training)
     */
    public static TokenSplice of(
            List<long[]> rows, List<long[]> targets, int videoTokens, int audioTokens, boolean left) {
        int batch = rows.size();
        int text = 0;
        int length = 0;
        for (long[] row : rows) {
            int expanded = 0;
            for (long id : row) {
                text += id >= 0 ? 1 : 0;
                expanded += id == VIDEO ? videoTokens : id == AUDIO ? audioTokens : 1;
            }
            length = Math.max(length, expanded);
        }
        long[] textIds = new long[text];
        long[] index = new long[batch * length];
        long[] labels = new long[batch * length];
        boolean[][] attention = new boolean[batch][length];
        int zeroRow = text + batch * (videoTokens + audioTokens);
        Arrays.fill(index, zeroRow);
        Arrays.fill(labels, IGNORED);
        boolean[] seen = new boolean[batch];
        boolean[] heard = new boolean[batch];
        int nextText = 0;
        for (int b = 0; b < batch; b++) {
            List<long[]> positions = new ArrayList<>();
            long[] row = rows.get(b);
            for (int i = 0; i < row.length; i++) {
                long target = targets == null ? IGNORED : targets.get(b)[i];
                seen[b] |= row[i] == VIDEO;
                heard[b] |= row[i] == AUDIO;
                if (row[i] == VIDEO) {
                    append(positions, text + (long) b * videoTokens, videoTokens);
                } else if (row[i] == AUDIO) {
                    append(positions, text + (long) batch * videoTokens + (long) b * audioTokens, audioTokens);
                } else {
                    textIds[nextText] = row[i];
                    positions.add(new long[] {nextText++, target});
                }
            }
            int start = left ? length - positions.size() : 0;
            for (int t = 0; t < positions.size(); t++) {
                index[b * length + start + t] = positions.get(t)[0];
                attention[b][start + t] = true;
                if (start + t > 0) {
                    // logits at t - 1 predict the token at t
                    labels[b * length + start + t - 1] = positions.get(t)[1];
                }
            }
        }
        return new TokenSplice(textIds, index, attention, labels, length, seen, heard);
    }

    private static void append(List<long[]> positions, long from, int count) {
        for (int i = 0; i < count; i++) {
            positions.add(new long[] {from + i, IGNORED});
        }
    }

    /** Number of real tokens per row; {@code attention} null: {@code length} for all. */
    public static long[] lengths(boolean[][] attention, int rows, int length) {
        long[] lengths = new long[rows];
        for (int b = 0; b < rows; b++) {
            for (int t = 0; t < length; t++) {
                lengths[b] += attention == null || attention[b][t] ? 1 : 0;
            }
        }
        return lengths;
    }

    /** The attention mask, or null when nothing is padded. */
    public boolean[][] attentionOrNull() {
        for (boolean[] row : attention) {
            for (boolean open : row) {
                if (!open) {
                    return attention;
                }
            }
        }
        return null;
    }
}
