package io.migr.evaluation.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Maps numbers to positions along an axis.
 *
 * @param from position of 0
 * @param to position of {@code most}
 * @param most the largest number, at the end of the axis
 */
record Axis(double from, double to, double most) {
    private static final double[] STEPS = {0.01, 0.02, 0.05, 0.1, 0.2, 0.25, 0.5};

    /** An axis for shares in 0..1 that ends at the next round number. */
    static Axis shares(double from, double to, double largest) {
        double most = 1;
        for (double step : STEPS) {
            double end = Math.ceil(largest / step - 1e-9) * step;
            if (end / step <= 6 && end <= 1) {
                most = Math.max(end, step);
                break;
            }
        }
        return new Axis(from, to, most);
    }

    /** The position of a number. */
    double at(double value) {
        return from + (to - from) * value / most;
    }

    /** The tick values, from 0 to the end. */
    List<Double> ticks() {
        double step = 0.5;
        for (double candidate : STEPS) {
            if (most / candidate <= 6 + 1e-9) {
                step = candidate;
                break;
            }
        }
        List<Double> ticks = new ArrayList<>();
        for (int i = 0; i * step <= most + 1e-9; i++) {
            ticks.add(i * step);
        }
        return ticks;
    }

    /** The label of a tick, in whole percent. */
    static String percent(double share) {
        return String.format(Locale.ROOT, "%.0f %%", 100 * share);
    }
}
