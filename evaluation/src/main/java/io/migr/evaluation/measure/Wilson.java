package io.migr.evaluation.measure;

/**
 * The Wilson score interval of a share, which unlike the normal one is sensible for few clips and at 0 and 1: with p =
 * hits / n, (p + z²/2n ± z sqrt(p(1-p)/n + z²/4n²)) / (1 + z²/n). Wilson, J. Am. Stat. Assoc. 22, 1927.
 */
public final class Wilson {
    /** Two-sided 95 %. */
    private static final double Z = 1.959964;

    private Wilson() {}

    /**
     * The share and its 95 % interval.
     *
     * @param n without any clip, all three numbers are NaN
     * @throws IllegalArgumentException if {@code hits} is not 0 to {@code n}
     */
    public static Interval of(int hits, int n) {
        if (hits < 0 || hits > n) {
            throw new IllegalArgumentException(hits + " hits of " + n + " is not a share.");
        }
        if (n == 0) {
            return new Interval(Double.NaN, Double.NaN, Double.NaN);
        }
        double p = hits / (double) n;
        double z2 = Z * Z / n;
        double half = Z * Math.sqrt(p * (1 - p) / n + z2 / (4 * n));
        double low = (p + z2 / 2 - half) / (1 + z2);
        double high = (p + z2 / 2 + half) / (1 + z2);
        return new Interval(p, Math.max(0, low), Math.min(1, high));
    }
}
