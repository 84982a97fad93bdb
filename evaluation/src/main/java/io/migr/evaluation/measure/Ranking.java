package io.migr.evaluation.measure;

import java.util.Comparator;
import java.util.stream.IntStream;

/** How well a score ranks positives above negatives. */
final class Ranking {
    private Ranking() {}

    /**
     * The area under the receiver operating characteristic, as the Mann-Whitney statistic
     *
     * <pre>
     * AUROC = P(score of a positive &gt; score of a negative) + 1/2 P(equal)
     *       = (sum of the positives' mid-ranks - P (P + 1) / 2) / (P N)
     * </pre>
     *
     * @return 0..1, 0.5 by chance; NaN if there is no positive or no negative
     */
    static double auroc(double[] scores, boolean[] positive) {
        int[] order = IntStream.range(0, scores.length)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> scores[i]))
                .mapToInt(i -> i)
                .toArray();
        double ranks = 0;
        long positives = 0;
        for (int from = 0; from < order.length; ) {
            int to = from;
            while (to < order.length && scores[order[to]] == scores[order[from]]) {
                to++;
            }
            double midRank = (from + 1 + to) / 2.0;
            for (int i = from; i < to; i++) {
                if (positive[order[i]]) {
                    ranks += midRank;
                    positives++;
                }
            }
            from = to;
        }
        long negatives = scores.length - positives;
        return positives == 0 || negatives == 0
                ? Double.NaN
                : (ranks - positives * (positives + 1) / 2.0) / ((double) positives * negatives);
    }
}
