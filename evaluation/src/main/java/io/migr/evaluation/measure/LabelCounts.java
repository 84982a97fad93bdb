package io.migr.evaluation.measure;

/**
 * Counts of predictions for labelled clips, and the rates that papers report. With N clips, label g, prediction
 * p, and j the emotion that the explanation concludes:
 *
 * <pre>
 * WAR = #[p = g] / N
 * UAR = mean over the labels y that occur of  #[p = g = y] / #[g = y]
 * IR  = #[p = g and j != g] / #[p = g]
 * </pre>
 *
 * A rate is NaN if its denominator is zero. Not thread-safe.
 */
public final class LabelCounts {
    private final long[] labelled;
    private final long[] right;
    private long rightInconsistent;

    /** Creates empty counts.
     *
     * @param labels number of labels
     */
    public LabelCounts(int labels) {
        labelled = new long[labels];
        right = new long[labels];
    }

    /**
     * Counts a clip.
     *
     * @param label index of its label in the label set
     * @param isRight whether p = g
     * @param inconsistent whether j != g; ignored if the prediction is wrong
     */
    public void add(int label, boolean isRight, boolean inconsistent) {
        labelled[label]++;
        right[label] += isRight ? 1 : 0;
        rightInconsistent += isRight && inconsistent ? 1 : 0;
    }

    /** N, the number of clips. */
    public long clips() {
        return sum(labelled);
    }

    /** WAR, weighted average recall: the accuracy. */
    public double war() {
        return share(sum(right), clips());
    }

    /** UAR, unweighted average recall. */
    public double uar() {
        double sum = 0;
        int labels = 0;
        for (int y = 0; y < labelled.length; y++) {
            if (labelled[y] > 0) {
                sum += share(right[y], labelled[y]);
                labels++;
            }
        }
        return labels == 0 ? Double.NaN : sum / labels;
    }

    /** IR, the inconsistency rate of right predictions. */
    public double ir() {
        return share(rightInconsistent, sum(right));
    }

    /** IR as a share of all clips: #[p = g and j != g] / N. */
    public double irOfAll() {
        return share(rightInconsistent, clips());
    }

    private static long sum(long[] counts) {
        long sum = 0;
        for (long count : counts) {
            sum += count;
        }
        return sum;
    }

    /** part / whole; NaN if {@code whole} is zero. */
    public static double share(long part, long whole) {
        return whole == 0 ? Double.NaN : part / (double) whole;
    }
}
