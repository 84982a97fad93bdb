package io.migr.evaluation.measure;

/**
 * A value and its confidence interval.
 *
 * @param value the value over all outcomes
 * @param low lower end of the interval; NaN if there is none
 * @param high upper end of the interval; NaN if there is none
 */
public record Interval(double value, double low, double high) {

    /** Whether zero is outside the interval, so that a difference is significant. */
    public boolean excludesZero() {
        return low > 0 || high < 0;
    }
}
