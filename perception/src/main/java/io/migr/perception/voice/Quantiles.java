package io.migr.perception.voice;

import java.util.Arrays;

/** Order statistics, interpolated between neighbours. */
final class Quantiles {
    private final double[] sorted;

    /** @param values at least one */
    Quantiles(double[] values) {
        sorted = values.clone();
        Arrays.sort(sorted);
    }

    /** The value that a share (0..1) of the values lie below. */
    double at(double share) {
        double place = share * (sorted.length - 1);
        int below = (int) place;
        int above = Math.min(below + 1, sorted.length - 1);
        return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
    }

    double median() {
        return at(0.5);
    }
}
