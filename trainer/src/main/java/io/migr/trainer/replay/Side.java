package io.migr.trainer.replay;

import io.migr.schemas.Emotion;
import java.util.Set;
import java.util.TreeSet;

/**
 * Counts of one version's answers.
 *
 * <p>IR, the inconsistency rate, is the share of clips predicted rightly whose explanation concludes another emotion
 * than the label, or none; where there are no labels, {@link #inconsistent} is the same over all clips and predictions.
 * WAR is the share of labelled clips predicted rightly, UAR the mean over labels of that share.
 */
public final class Side {
    private final Set<String> versions = new TreeSet<>();
    private final long[] labelled = new long[Emotion.values().length];
    private final long[] right = new long[Emotion.values().length];
    private long clips;
    private long inconsistent;
    private long rightInconsistent;

    void add(Answer answer, Emotion label) {
        clips++;
        versions.add(answer.prediction().getModelVersion());
        boolean contradicts = answer.prediction().getExplanationEmotion() != answer.emotion();
        inconsistent += contradicts ? 1 : 0;
        if (label != null) {
            labelled[label.ordinal()]++;
            if (answer.emotion() == label) {
                right[label.ordinal()]++;
                rightInconsistent += contradicts ? 1 : 0;
            }
        }
    }

    /** The versions that answered; several where recorded results come from before and after a promotion. */
    public Set<String> versions() {
        return Set.copyOf(versions);
    }

    /** Share of clips whose explanation concludes something else than the prediction, or nothing; NaN without clips. */
    public double inconsistent() {
        return share(inconsistent, clips);
    }

    /** IR; NaN where nothing labelled is right. */
    public double ir() {
        return share(rightInconsistent, sum(right));
    }

    /** WAR; NaN without labels. */
    public double war() {
        return share(sum(right), sum(labelled));
    }

    /** UAR; NaN without labels. */
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

    long labelled() {
        return sum(labelled);
    }

    private static long sum(long[] counts) {
        long sum = 0;
        for (long count : counts) {
            sum += count;
        }
        return sum;
    }

    static double share(long part, long whole) {
        return whole == 0 ? Double.NaN : part / (double) whole;
    }
}
