package io.migr.evaluation.report;

import io.migr.evaluation.measure.Interval;
import java.util.List;
import java.util.Locale;

/**
 * A plot of shares with their intervals: one group of lines per row and one colour per series, e.g. IR per regime and
 * arm.
 */
public final class IntervalPlot {
    private static final double LEFT = 150;
    private static final double WIDE = 640;
    private static final double LINE = 17;
    private static final double GAP = 16;
    private static final double TOP = 42;

    private IntervalPlot() {}

    /** A series; {@code values} has one interval per row, NaN if there is none. */
    public record Series(String name, List<Interval> values) {}

    /**
     * Draws a plot.
     *
     * @param label description for screen readers
     * @param rows names of the rows
     * @param series the values to compare, as shares in 0..1
     */
    public static String of(String label, List<String> rows, List<Series> series) {
        double largest = 0.01;
        for (Series one : series) {
            for (Interval interval : one.values()) {
                largest = Math.max(largest, top(interval));
            }
        }
        Axis x = Axis.shares(LEFT, LEFT + WIDE, largest);
        double group = series.size() * LINE + GAP;
        double bottom = TOP + rows.size() * group;
        Svg svg = new Svg(LEFT + WIDE + 60, bottom + 30, label);
        double at = LEFT;
        for (int s = 0; s < series.size(); s++) {
            svg.circle(at + 5, 14, 4.5, "fill s" + s, null);
            svg.words(at + 15, 18, "", series.get(s).name());
            at += 34 + 6.9 * series.get(s).name().length();
        }
        for (double tick : x.ticks()) {
            svg.line(x.at(tick), TOP - 8, x.at(tick), bottom, "grid");
            svg.words(x.at(tick), bottom + 18, "middle soft", Axis.percent(tick));
        }
        for (int r = 0; r < rows.size(); r++) {
            double y = TOP + r * group;
            svg.words(LEFT - 14, y + (series.size() * LINE) / 2 + 4, "end name", rows.get(r));
            for (int s = 0; s < series.size(); s++) {
                mark(svg, x, y + (s + 0.5) * LINE, series.get(s).values().get(r), "s" + s);
            }
            if (r > 0) {
                svg.line(LEFT, y - GAP / 2, LEFT + WIDE, y - GAP / 2, "grid");
            }
        }
        return svg.end();
    }

    private static double top(Interval interval) {
        return Double.isNaN(interval.high()) ? Double.isNaN(interval.value()) ? 0 : interval.value() : interval.high();
    }

    private static void mark(Svg svg, Axis x, double y, Interval interval, String colour) {
        if (Double.isNaN(interval.value())) {
            svg.words(LEFT + 6, y + 4, "soft small", "no clip");
            return;
        }
        String title = String.format(Locale.ROOT, "%.1f %%", 100 * interval.value());
        if (!Double.isNaN(interval.low())) {
            svg.line(x.at(interval.low()), y, x.at(interval.high()), y, "whisker " + colour);
            title += String.format(
                    Locale.ROOT, ", 95 %% interval %.1f to %.1f", 100 * interval.low(), 100 * interval.high());
        }
        svg.circle(x.at(interval.value()), y, 4.5, "fill " + colour, title);
        svg.words(
                x.at(top(interval)) + 9,
                y + 4,
                "small soft",
                String.format(Locale.ROOT, "%.1f", 100 * interval.value()));
    }
}
