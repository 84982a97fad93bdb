package io.migr.evaluation.report;

import io.migr.evaluation.measure.Drift;
import io.migr.evaluation.measure.Interval;
import io.migr.evaluation.measure.Metric;
import io.migr.evaluation.report.Report.Reading;
import io.migr.evaluation.report.Report.Slice;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Writes a report as text for terminals. */
public final class ReportTable {
    /** Columns of the short table, by column head. */
    private static final Map<String, Metric> COLUMNS = new LinkedHashMap<>();

    static {
        COLUMNS.put("war", Metric.WAR);
        COLUMNS.put("uar", Metric.UAR);
        COLUMNS.put("bayes", Metric.BAYES);
        COLUMNS.put("share", Metric.SHARE);
        COLUMNS.put("importance", Metric.IMPORTANCE);
        COLUMNS.put("order", Metric.ORDER);
        COLUMNS.put("consistent", Metric.CONSISTENT);
        COLUMNS.put("ir", Metric.IR);
        COLUMNS.put("first_ir", Metric.FIRST_IR);
        COLUMNS.put("answer", Metric.ANSWER);
        COLUMNS.put("cues", Metric.CUE_PRECISION);
        COLUMNS.put("format", Metric.FORMAT);
    }

    private ReportTable() {}

    /** The main metrics, with one line for all clips and one per slice. */
    public static String concise(Report report) {
        StringBuilder text = new StringBuilder(String.format("%-20s %6s", "", "clips"));
        COLUMNS.keySet().forEach(head -> text.append(String.format(" %10s", head)));
        text.append('\n');
        for (Slice slice : report.slices()) {
            text.append(String.format("%-20s %6d", slice.name(), slice.clips()));
            COLUMNS.values()
                    .forEach(metric -> text.append(String.format(
                            " %10s", number(slice.values().get(metric).value()))));
            text.append('\n');
        }
        return text.toString();
    }

    /** One line per metric, over all clips with its interval and then per slice; then other readings, then drift. */
    public static String full(Report report) {
        StringBuilder text = new StringBuilder(String.format("%-20s %-22s", "", Report.ALL));
        List<Slice> slices = report.slices().subList(1, report.slices().size());
        slices.forEach(slice -> text.append(String.format(" %16s", slice.name())));
        text.append(
                String.format("\n%-20s %-22d", "clips", report.slices().get(0).clips()));
        slices.forEach(slice -> text.append(String.format(" %16d", slice.clips())));
        text.append('\n');
        for (Metric metric : Metric.values()) {
            text.append(String.format(
                    "%-20s %-22s", metric.key(), interval(report.overall().get(metric))));
            slices.forEach(slice -> text.append(
                    String.format(" %16s", number(slice.values().get(metric).value()))));
            text.append('\n');
        }
        readings(text, report);
        if (report.drift() != null) {
            drift(text, report.drift());
        }
        return text.toString();
    }

    private static void readings(StringBuilder text, Report report) {
        for (Reading reading : report.readings()) {
            text.append(String.format(
                    "\nread by %s, prediction: %s\n",
                    reading.view().reader(), reading.view().source().name().toLowerCase(Locale.ROOT)));
            new EnumMap<>(reading.values()).forEach((metric, value) -> {
                if (!Double.isNaN(value.value())) {
                    text.append(String.format("%-20s %s\n", metric.key(), interval(value)));
                }
            });
        }
    }

    private static void drift(StringBuilder text, Drift drift) {
        text.append(String.format(
                "\nattention while %d explanations are written\n%-20s %8s %8s %8s %8s\n",
                drift.clips(), "", "video", "audio", "prompt", "own text"));
        for (List<Drift.Stretch> stretches : List.of(drift.blocks(), drift.curve())) {
            for (Drift.Stretch stretch : stretches) {
                text.append(String.format("%-20s", stretch.name()));
                for (double share : stretch.shares()) {
                    text.append(String.format(" %8s", number(share)));
                }
                text.append('\n');
            }
        }
        Drift.Swaps swaps = drift.swaps();
        text.append(String.format(
                Locale.ROOT,
                "another clip after the first block, %d pairs: the second block changes in %s, the "
                        + "conclusion changes in %s, the answer in %s, to the other clip's in %s\n",
                swaps.pairs(),
                number(swaps.secondChanged()),
                number(swaps.thinkChanged()),
                number(swaps.answerChanged()),
                number(swaps.answerFollowed())));
    }

    private static String interval(Interval interval) {
        return Double.isNaN(interval.low())
                ? number(interval.value())
                : number(interval.value()) + " [" + number(interval.low()) + ", " + number(interval.high()) + "]";
    }

    /** A share in 0..1 with three decimals; "-" for NaN. */
    public static String number(double value) {
        return Double.isNaN(value) ? "-" : String.format(Locale.ROOT, "%.3f", value);
    }
}
