package io.migr.evaluation.report;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.migr.evaluation.measure.Confusion;
import io.migr.evaluation.measure.CueTable;
import io.migr.evaluation.measure.Drift;
import io.migr.evaluation.measure.Drift.Stretch;
import io.migr.evaluation.measure.Interval;
import io.migr.evaluation.measure.Metric;
import io.migr.evaluation.measure.Reliability;
import io.migr.model.analysis.DriftProbe.Segment;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Writes a report as one JSON object: its facts, then {@code all} and each slice by name with one number per metric
 * (null if no clip qualifies) and {@code intervals}, then the data of the plots.
 */
public final class ReportJson {
    private static final ObjectMapper JSON = new ObjectMapper();

    private ReportJson() {}

    /** The report as JSON; shares are rounded to four decimals. */
    public static ObjectNode of(Report report) {
        ObjectNode root = JSON.createObjectNode();
        report.facts().forEach((key, value) -> root.set(key, JSON.valueToTree(value)));
        for (Report.Slice slice : report.slices()) {
            ObjectNode node = root.putObject(slice.name()).put("clips", slice.clips());
            values(node, slice.values());
        }
        ArrayNode readings = root.putArray("readings");
        for (Report.Reading reading : report.readings()) {
            ObjectNode node = readings.addObject()
                    .put("prediction", reading.view().source().name().toLowerCase(Locale.ROOT))
                    .put("reader", reading.view().reader());
            values(node, reading.values());
        }
        confusion(root.putObject("confusion"), report.confusion());
        ObjectNode calibration = root.putObject("calibration");
        bins(calibration.putArray("emotion"), report.emotion());
        report.importance()
                .forEach((estimator, reliability) -> bins(
                        calibration.putArray("importance_" + estimator.name().toLowerCase(Locale.ROOT)), reliability));
        cues(root.putObject("cues"), report.cues());
        if (report.drift() != null) {
            drift(root.putObject("drift"), report.drift());
        }
        ArrayNode notes = root.putArray("notes");
        report.notes().forEach(notes::add);
        return root;
    }

    private static void values(ObjectNode node, Map<Metric, Interval> values) {
        values.forEach((metric, interval) -> put(node, metric.key(), interval.value()));
        if (values.values().stream().anyMatch(interval -> !Double.isNaN(interval.low()))) {
            ObjectNode intervals = node.putObject("intervals");
            values.forEach((metric, interval) -> {
                if (!Double.isNaN(interval.low())) {
                    intervals
                            .putArray(metric.key())
                            .add(rounded(interval.low()))
                            .add(rounded(interval.high()));
                }
            });
        }
    }

    private static void put(ObjectNode node, String name, double value) {
        if (Double.isNaN(value)) {
            node.putNull(name);
        } else {
            node.put(name, rounded(value));
        }
    }

    private static double rounded(double value) {
        return Math.round(value * 10_000) / 10_000.0;
    }

    private static void confusion(ObjectNode node, Confusion confusion) {
        confusion.labels().forEach(label -> node.withArray("labels").add(label.word()));
        confusion.predictions().forEach(label -> node.withArray("predictions").add(label.word()));
        ArrayNode counts = node.putArray("counts");
        for (int[] row : confusion.counts()) {
            ArrayNode line = counts.addArray();
            Arrays.stream(row).forEach(line::add);
        }
    }

    private static void bins(ArrayNode node, Reliability reliability) {
        for (Reliability.Bin bin : reliability.bins()) {
            node.addObject()
                    .put("from", rounded(bin.from()))
                    .put("to", rounded(bin.to()))
                    .put("cases", bin.cases())
                    .put("predicted", rounded(bin.predicted()))
                    .put("observed", rounded(bin.observed()));
        }
    }

    private static void cues(ObjectNode node, CueTable table) {
        table.perCue().forEach((cue, row) -> {
            ObjectNode one = node.putObject(cue)
                    .put("claimed", row.claimed())
                    .put("correct", row.correct())
                    .put("salient", row.salient())
                    .put("recalled", row.recalled());
            put(one, "precision", row.precision());
            put(one, "recall", row.recall());
        });
    }

    private static void drift(ObjectNode node, Drift drift) {
        node.put("clips", drift.clips()).put("tokens_per_stretch", Drift.BUCKET);
        stretches(node.putArray("curve"), drift.curve());
        stretches(node.putArray("blocks"), drift.blocks());
        Drift.Swaps swaps = drift.swaps();
        ObjectNode swap = node.putObject("swap").put("pairs", swaps.pairs());
        put(swap, "second_block_changed", swaps.secondChanged());
        put(swap, "conclusion_changed", swaps.thinkChanged());
        put(swap, "answer_changed", swaps.answerChanged());
        put(swap, "answer_followed", swaps.answerFollowed());
    }

    private static void stretches(ArrayNode node, List<Stretch> stretches) {
        for (Stretch stretch : stretches) {
            ObjectNode one = node.addObject().put("name", stretch.name()).put("explanations", stretch.explanations());
            ObjectNode even = JSON.createObjectNode();
            for (Segment segment : Segment.values()) {
                String name = segment.name().toLowerCase(Locale.ROOT);
                put(one, name, stretch.shares()[segment.ordinal()]);
                put(even, name, stretch.even()[segment.ordinal()]);
            }
            one.set("even", even);
        }
    }
}
