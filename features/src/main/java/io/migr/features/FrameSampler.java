package io.migr.features;

import java.util.Arrays;

/** Chooses the frames of a clip that the model sees: the middles of equal segments, as HumanOmni samples them. */
public final class FrameSampler {
    /** Number of frames sampled from a clip. */
    public static final int FRAMES = 8;

    /** Distances from a middle that differ by at most this much are equal, seconds. */
    private static final double TIE = 4e-6;

    private FrameSampler() {}

    /**
     * Uniform indices: with D frames and segment length s = (D - 1) / count, index i = round(s (i + 0.5)), exact
     * halves upwards. A short clip repeats frames.
     *
     * @param available D, at least 1
     * @param count how many to pick
     * @return {@code count} indices in 0..D-1, ascending
     */
    public static int[] uniform(int available, int count) {
        if (available < 1 || count < 1) {
            throw new IllegalArgumentException("Sampling needs at least one frame and a count of at least one; given "
                    + count + " of " + available + " frames.");
        }
        double segment = (available - 1) / (double) count;
        int[] indices = new int[count];
        for (int i = 0; i < count; i++) {
            indices[i] = (int) Math.floor((segment * i + segment * (i + 1)) / 2 + 1e-6 + 0.5);
        }
        return indices;
    }

    /**
     * The frames nearest to the middles of equal time spans, each frame at most once. For evenly spaced times this
     * gives the same frames as {@link #uniform}; if the times do not ascend, the rule of {@link #uniform} is used.
     *
     * @param times of all frames, seconds
     * @return at most {@code count} indices, ascending
     */
    static int[] nearest(double[] times, int count) {
        int n = times.length;
        boolean ascending = true;
        for (int i = 1; i < n; i++) {
            ascending &= times[i] > times[i - 1];
        }
        int[] chosen = new int[count];
        int[] uniform = n == 0 ? new int[0] : uniform(n, count);
        int size = 0;
        int at = 0;
        for (int i = 0; i < uniform.length; i++) {
            int index = uniform[i];
            if (ascending) {
                double middle = times[0] + (times[n - 1] - times[0]) * (i + 0.5) / count;
                // on a tie the later frame wins, because the index rule rounds halves up; times may be rounded to 1 us
                while (at + 1 < n && times[at + 1] - middle <= middle - times[at] + TIE) {
                    at++;
                }
                index = at;
            }
            if (size == 0 || chosen[size - 1] != index) {
                chosen[size] = index;
                size++;
            }
        }
        return Arrays.copyOf(chosen, size);
    }

    /**
     * Uniform indices within {@code startSeconds..endSeconds}; the bounds may be swapped or outside the clip.
     *
     * @param available number of frames in the clip, at least 1
     * @param count how many to pick
     * @param fps frames per second of the clip
     */
    public static int[] uniform(int available, int count, double fps, double startSeconds, double endSeconds) {
        double start = Math.max(0, startSeconds);
        double end = Math.max(0, endSeconds);
        if (start > end) {
            double swap = start;
            start = end;
            end = swap;
        } else if (start == end) {
            end = start + 1;
        }
        int first = Math.max((int) (start * fps) - 1, 0);
        int last = Math.min((int) (end * fps) - 1, available - 1);
        int[] indices = uniform(last - first + 1, count);
        for (int i = 0; i < count; i++) {
            indices[i] += first;
        }
        return indices;
    }
}
