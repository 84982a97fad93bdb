package io.migr.perception.statistics;

import java.util.Arrays;

/** Order statistics, interpolated between neighbours. */
public final class Quantiles {
    private final double[] sorted;

    /** @param values at least one */
    public Quantiles(double[] values) {
        sorted = values.clone();
        Arrays.sort(sorted);
    }

    /** The value that a share (0..1) of the values lie below. */
    public double at(double share) {
        double place = share * (sorted.length - 1);
        int below = (int) place;
        int above = Math.min(below + 1, sorted.length - 1);
        return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
    }

    public double median() {
        return at(0.5);
    }

    /** The median absolute deviation: the median distance from the median. */
    public double deviation() {
        double median = median();
        return new Quantiles(Arrays.stream(sorted)
                        .map(value -> Math.abs(value - median))
                        .toArray())
                .median();
    }
}
