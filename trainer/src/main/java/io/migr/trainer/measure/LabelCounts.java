package io.migr.trainer.measure;

/**
 * Counts of predictions for labelled clips, and the rates that papers state from them. With N clips, label g, prediction
 * p, and j the emotion that the explanation concludes:
 *
 * <pre>
 * WAR = #[p = g] / N
 * UAR = mean over the labels y that occur of  #[p = g = y] / #[g = y]
 * IR  = #[p = g and j != g] / #[p = g]
 * </pre>
 *
 * A rate is NaN where nothing was counted that it could be a share of. Not thread-safe.
 */
public final class LabelCounts {
    private final long[] labelled;
    private final long[] right;
    private long rightInconsistent;

    /**
     * Nothing counted yet.
     *
     * @param labels how many labels there are
     */
    public LabelCounts(int labels) {
        labelled = new long[labels];
        right = new long[labels];
    }

    /**
     * Counts a clip.
     *
     * @param label its label's place in the label set
     * @param isRight p = g
     * @param inconsistent j != g; of a wrong prediction it does not count
     */
    public void add(int label, boolean isRight, boolean inconsistent) {
        labelled[label]++;
        right[label] += isRight ? 1 : 0;
        rightInconsistent += isRight && inconsistent ? 1 : 0;
    }

    /** N. */
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

    /** part / whole; NaN of nothing. */
    public static double share(long part, long whole) {
        return whole == 0 ? Double.NaN : part / (double) whole;
    }
}
