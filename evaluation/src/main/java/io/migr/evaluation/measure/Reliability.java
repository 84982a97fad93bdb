package io.migr.evaluation.measure;

import java.util.ArrayList;
import java.util.List;

/**
 * A reliability diagram: predicted probabilities compared with observed frequencies, in bins of equal width.
 *
 * @param bins in ascending order from 0 to 1; empty bins are left out
 */
public record Reliability(List<Bin> bins) {
    /** Number of bins of every diagram and calibration error in reports. */
    public static final int BINS = 10;

    /**
     * One bin.
     *
     * @param from lower edge
     * @param to upper edge
     * @param cases number of cases in the bin
     * @param predicted mean predicted probability
     * @param observed share of cases in which the event happened
     */
    public record Bin(double from, double to, int cases, double predicted, double observed) {}

    public Reliability {
        bins = List.copyOf(bins);
    }

    /**
     * Sorts cases into {@code count} bins of equal width.
     *
     * @param probabilities 0..1; 1 goes into the last bin
     * @param happened for each probability, whether the event happened
     */
    public static Reliability of(double[] probabilities, boolean[] happened, int count) {
        int[] cases = new int[count];
        double[] predicted = new double[count];
        double[] observed = new double[count];
        for (int i = 0; i < probabilities.length; i++) {
            int bin = Math.min(count - 1, (int) (probabilities[i] * count));
            cases[bin]++;
            predicted[bin] += probabilities[i];
            observed[bin] += happened[i] ? 1 : 0;
        }
        List<Bin> bins = new ArrayList<>();
        for (int b = 0; b < count; b++) {
            if (cases[b] > 0) {
                bins.add(new Bin(
                        b / (double) count,
                        (b + 1) / (double) count,
                        cases[b],
                        predicted[b] / cases[b],
                        observed[b] / cases[b]));
            }
        }
        return new Reliability(bins);
    }

    /**
     * The expected calibration error of Guo et al. 2017:
     *
     * <pre>
     * ECE = sum over bins b of n_b / N |observed_b - predicted_b|
     * </pre>
     *
     * @return 0..1; NaN if there are no cases
     */
    public double expectedError() {
        double all = 0;
        double sum = 0;
        for (Bin bin : bins) {
            all += bin.cases();
            sum += bin.cases() * Math.abs(bin.observed() - bin.predicted());
        }
        return all == 0 ? Double.NaN : sum / all;
    }
}
