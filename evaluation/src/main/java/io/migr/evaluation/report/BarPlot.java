package io.migr.evaluation.report;

import java.util.List;
import java.util.Locale;

/** A bar plot of two shares per row, each with the number of cases that it is a share of. */
final class BarPlot {
    private static final double LEFT = 232;
    private static final double WIDE = 206;
    private static final double ROW = 27;
    private static final double BAR = 9;
    private static final double TOP = 44;

    private BarPlot() {}

    /**
     * A row.
     *
     * @param name a short name
     * @param words a description
     * @param first the first bar; NaN if there is none
     * @param second the second bar; NaN if there is none
     * @param firstCases number of cases that the first bar is a share of
     * @param secondCases number of cases that the second bar is a share of
     */
    record Row(String name, String words, double first, double second, int firstCases, int secondCases) {}

    static String of(String title, String first, String second, List<Row> rows) {
        Axis x = new Axis(LEFT, LEFT + WIDE, 1);
        double bottom = TOP + rows.size() * ROW;
        Svg svg = new Svg(LEFT + WIDE + 74, bottom + 24, title);
        svg.words(0, 18, "title", title);
        svg.rect(LEFT, 9, 10, BAR, "fill s0", null);
        svg.words(LEFT + 15, 18, "", first);
        svg.rect(LEFT + 92, 9, 10, BAR, "fill s2", null);
        svg.words(LEFT + 107, 18, "", second);
        svg.words(LEFT + WIDE + 70, 18, "end soft small", "claimed / salient");
        for (double tick : List.of(0.0, 0.5, 1.0)) {
            svg.line(x.at(tick), TOP - 10, x.at(tick), bottom, "grid");
            svg.words(x.at(tick), bottom + 16, "middle soft small", Axis.percent(tick));
        }
        for (int r = 0; r < rows.size(); r++) {
            Row row = rows.get(r);
            double y = TOP + r * ROW;
            svg.words(0, y + 13, "name", row.name());
            svg.words(LEFT - 10, y + 13, "end soft small", row.words());
            bar(svg, x, y + 1, row.first(), "fill s0", first + " of " + row.name());
            bar(svg, x, y + 2 + BAR, row.second(), "fill s2", second + " of " + row.name());
            svg.words(LEFT + WIDE + 70, y + 14, "end soft small", row.firstCases() + " / " + row.secondCases());
        }
        return svg.end();
    }

    private static void bar(Svg svg, Axis x, double y, double value, String classes, String title) {
        if (!Double.isNaN(value)) {
            String tooltip = String.format(Locale.ROOT, "%s: %.1f %%", title, 100 * value);
            svg.rect(LEFT, y, x.at(value) - LEFT, BAR, classes, tooltip);
        }
    }
}
