package io.migr.evaluation.report;

import io.migr.evaluation.measure.Reliability;
import io.migr.evaluation.measure.Reliability.Bin;
import java.util.List;
import java.util.Locale;

/** A reliability diagram: observed frequency against predicted probability; points on the diagonal are calibrated. */
final class ReliabilityPlot {
    private static final double LEFT = 64;
    private static final double TOP = 34;
    private static final double SIDE = 240;
    private static final double BARS = 36;

    /** Points with fewer cases are drawn hollow. */
    private static final int FEW = 10;

    private ReliabilityPlot() {}

    static String of(String name, String xName, String yName, Reliability reliability, String colour) {
        Axis x = new Axis(LEFT, LEFT + SIDE, 1);
        Axis y = new Axis(TOP + SIDE, TOP, 1);
        double base = TOP + SIDE + BARS + 10;
        Svg svg = new Svg(LEFT + SIDE + 18, base + 44, "reliability of " + name);
        svg.words(LEFT, 18, "title", name);
        for (double tick : List.of(0.0, 0.25, 0.5, 0.75, 1.0)) {
            svg.line(x.at(tick), y.at(0), x.at(tick), y.at(1), "grid");
            svg.line(x.at(0), y.at(tick), x.at(1), y.at(tick), "grid");
            svg.words(LEFT - 6, y.at(tick) + 4, "end soft small", Axis.percent(tick));
            svg.words(x.at(tick), base + 16, "middle soft small", Axis.percent(tick));
        }
        svg.line(x.at(0), y.at(0), x.at(1), y.at(1), "diagonal");
        List<Bin> bins = reliability.bins();
        int most = bins.stream().mapToInt(Bin::cases).max().orElse(1);
        for (Bin bin : bins) {
            double high = BARS * bin.cases() / most;
            svg.rect(x.at(bin.from()) + 1, base - high, x.at(bin.to()) - x.at(bin.from()) - 2, high, "count", null);
            svg.line(
                    x.at(bin.predicted()),
                    y.at(bin.predicted()),
                    x.at(bin.predicted()),
                    y.at(bin.observed()),
                    "gap " + colour);
        }
        svg.curve(
                bins.stream().mapToDouble(bin -> x.at(bin.predicted())).toArray(),
                bins.stream().mapToDouble(bin -> y.at(bin.observed())).toArray(),
                "curve " + colour);
        for (Bin bin : bins) {
            svg.circle(
                    x.at(bin.predicted()),
                    y.at(bin.observed()),
                    4.5,
                    bin.cases() < FEW ? "fill few " + colour : "fill " + colour,
                    String.format(
                            Locale.ROOT,
                            "predicted %.1f %%, observed %.1f %%, %d clips",
                            100 * bin.predicted(),
                            100 * bin.observed(),
                            bin.cases()));
        }
        svg.words(LEFT + SIDE / 2, base + 36, "middle soft", xName);
        svg.upright(12, TOP + SIDE / 2, "middle soft", yName);
        svg.words(
                LEFT + SIDE - 8,
                y.at(0) - 10,
                "end",
                String.format(Locale.ROOT, "error %.1f %%", 100 * reliability.expectedError()));
        return svg.end();
    }
}
