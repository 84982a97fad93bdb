package io.migr.evaluation.report;

import io.migr.evaluation.measure.Confusion;
import io.migr.model.Emotion;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A plot of a confusion matrix: one row per label, with shares that sum to one. */
final class HeatMap {
    private static final double WIDE = 56;
    private static final double HIGH = 38;
    private static final double LEFT = 112;
    private static final double TOP = 84;

    private HeatMap() {}

    static String of(Confusion confusion) {
        List<String> columns = new ArrayList<>(
                confusion.predictions().stream().map(Emotion::word).toList());
        boolean silent = false;
        for (int[] row : confusion.counts()) {
            silent |= row[columns.size()] > 0;
        }
        if (silent) {
            columns.add("no answer");
        }
        int rows = confusion.labels().size();
        double right = LEFT + columns.size() * WIDE;
        Svg svg = new Svg(right + 78, TOP + rows * HIGH + 8, "confusion matrix");
        svg.words(LEFT - 10, TOP - 8, "end soft", "label");
        svg.slanted(right + 14, TOP - 10, "soft", "clips");
        for (int c = 0; c < columns.size(); c++) {
            svg.slanted(LEFT + (c + 0.42) * WIDE, TOP - 10, "name", columns.get(c));
        }
        for (int r = 0; r < rows; r++) {
            String label = confusion.labels().get(r).word();
            double y = TOP + r * HIGH;
            svg.words(LEFT - 10, y + HIGH / 2 + 4, "end name", label);
            for (int c = 0; c < columns.size(); c++) {
                double share = confusion.share(r, c);
                boolean correct = c < confusion.predictions().size()
                        && confusion.predictions().get(c) == confusion.labels().get(r);
                String title = String.format(
                        Locale.ROOT,
                        "%s predicted as %s: %d of %d (%.1f %%)",
                        label,
                        columns.get(c),
                        confusion.counts()[r][c],
                        confusion.support(r),
                        100 * share);
                svg.rect(LEFT + c * WIDE + 1, y + 1, WIDE - 2, HIGH - 2, "empty", null);
                svg.cell(
                        LEFT + c * WIDE + 1,
                        y + 1,
                        WIDE - 2,
                        HIGH - 2,
                        correct ? "fill s0" : "fill s1",
                        correct ? share : Math.sqrt(share),
                        title);
                String words = share == 0 ? "" : share < 0.005 ? "<1" : String.format(Locale.ROOT, "%.0f", 100 * share);
                svg.words(
                        LEFT + (c + 0.5) * WIDE,
                        y + HIGH / 2 + 4,
                        share > (correct ? 0.55 : 0.4) ? "middle inverse" : "middle",
                        words);
            }
            svg.words(right + 40, y + HIGH / 2 + 4, "end soft", String.valueOf(confusion.support(r)));
        }
        return svg.end();
    }
}
