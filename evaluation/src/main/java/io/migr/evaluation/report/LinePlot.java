package io.migr.evaluation.report;

import java.util.List;
import java.util.Locale;

/** A line plot of shares, e.g. attention along a text or a reward during training. */
public final class LinePlot {
    private static final double LEFT = 56;
    private static final double TOP = 16;
    private static final double WIDE = 640;
    private static final double HIGH = 280;
    private static final double APART = 15;

    private LinePlot() {}

    /**
     * A series.
     *
     * @param x ascending
     * @param y shares 0..1
     * @param baseline values to compare y with, drawn as a dashed line in the same colour; null if there are none
     */
    public record Series(String name, double[] x, double[] y, double[] baseline) {}

    /**
     * Draws a plot.
     *
     * @param label description for screen readers
     * @param series at least one point each
     */
    public static String of(String label, String xName, String yName, List<Series> series) {
        double longest = 1;
        double largest = 0.01;
        for (Series one : series) {
            for (int i = 0; i < one.x().length; i++) {
                longest = Math.max(longest, one.x()[i]);
                largest = Math.max(largest, Math.max(one.y()[i], one.baseline() == null ? 0 : one.baseline()[i]));
            }
        }
        Axis x = new Axis(LEFT, LEFT + WIDE, longest);
        Axis y = Axis.shares(TOP + HIGH, TOP, largest);
        Svg svg = new Svg(LEFT + WIDE + 110, TOP + HIGH + 48, label);
        for (double tick : y.ticks()) {
            svg.line(LEFT, y.at(tick), LEFT + WIDE, y.at(tick), "grid");
            svg.words(LEFT - 8, y.at(tick) + 4, "end soft", Axis.percent(tick));
        }
        double step = step(longest);
        for (double tick = 0; tick <= longest; tick += step) {
            svg.line(x.at(tick), TOP + HIGH, x.at(tick), TOP + HIGH + 5, "grid");
            svg.words(x.at(tick), TOP + HIGH + 20, "middle soft", String.format(Locale.ROOT, "%.0f", tick));
        }
        double[] ends = ends(series, y);
        for (int s = 0; s < series.size(); s++) {
            Series one = series.get(s);
            double[] places = places(one.x(), x);
            if (one.baseline() != null) {
                svg.curve(places, places(one.baseline(), y), "curve broken s" + s);
            }
            svg.curve(places, places(one.y(), y), "curve s" + s);
            svg.words(places[places.length - 1] + 10, ends[s] + 4, "strong text s" + s, one.name());
        }
        svg.words(LEFT + WIDE / 2, TOP + HIGH + 42, "middle soft", xName);
        svg.upright(12, TOP + HIGH / 2, "middle soft", yName);
        return svg.end();
    }

    private static double step(double longest) {
        double step = 1;
        for (int i = 0; longest / step > 10; i++) {
            step *= i % 3 == 1 ? 2.5 : 2;
        }
        return step;
    }

    private static double[] places(double[] values, Axis axis) {
        return java.util.Arrays.stream(values).map(axis::at).toArray();
    }

    /** Vertical positions of the names: at the ends of the lines, moved apart so that they do not overlap. */
    private static double[] ends(List<Series> series, Axis y) {
        double[] ends = new double[series.size()];
        Integer[] order = new Integer[ends.length];
        for (int s = 0; s < ends.length; s++) {
            double[] values = series.get(s).y();
            ends[s] = y.at(values[values.length - 1]);
            order[s] = s;
        }
        java.util.Arrays.sort(order, java.util.Comparator.comparingDouble(s -> ends[s]));
        for (int i = 1; i < order.length; i++) {
            ends[order[i]] = Math.max(ends[order[i]], ends[order[i - 1]] + APART);
        }
        return ends;
    }
}
