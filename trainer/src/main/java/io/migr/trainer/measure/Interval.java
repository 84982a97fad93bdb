package io.migr.trainer.measure;

/**
 * A value and where it may lie.
 *
 * @param value over all that was measured
 * @param low lower end of the interval, NaN where there is none
 * @param high upper end
 */
public record Interval(double value, double low, double high) {

    /** Whether zero lies outside: a difference that is there. */
    public boolean excludesZero() {
        return low > 0 || high < 0;
    }
}
