package io.migr.evaluation.report;

import io.migr.evaluation.measure.Bootstrap;
import io.migr.evaluation.measure.Calibrations;
import io.migr.evaluation.measure.Confusion;
import io.migr.evaluation.measure.CueTable;
import io.migr.evaluation.measure.Drift;
import io.migr.evaluation.measure.Interval;
import io.migr.evaluation.measure.Metric;
import io.migr.evaluation.measure.Metric.Depends;
import io.migr.evaluation.measure.Outcome;
import io.migr.evaluation.measure.Perspective;
import io.migr.evaluation.measure.Perspective.Source;
import io.migr.evaluation.measure.Reliability;
import io.migr.evaluation.measure.Scores;
import io.migr.evaluation.readers.GrammarReader;
import io.migr.model.ModalityImportance.Estimator;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * The evaluation of one model on one set of clips: everything that is shown of it.
 *
 * @param facts what was measured and how, by JSON key
 * @param slices all clips as {@value #ALL}, then each slice
 * @param readings metrics over all clips by other readers and for the text's own answer, see {@link Reading}
 * @param confusion the confusion matrix
 * @param emotion calibration of the emotion's probability
 * @param importance calibration of the face's share per estimator; empty if the truth is unknown
 * @param cues claimed cues compared with the truth, per cue
 * @param drift null if it was not measured
 * @param notes remarks for the reader, e.g. about missing clips
 * @param outcomes the outcomes that everything is computed from
 */
public record Report(
        Map<String, Object> facts,
        List<Slice> slices,
        List<Reading> readings,
        Confusion confusion,
        Reliability emotion,
        Map<Estimator, Reliability> importance,
        CueTable cues,
        Drift drift,
        List<String> notes,
        List<Outcome> outcomes) {
    /** The name of the slice of all clips. */
    public static final String ALL = "all";

    /** Metrics over some of the clips, for the served prediction. */
    public record Slice(String name, int clips, Map<Metric, Interval> values) {}

    /** Metrics over all clips from another perspective; only those that depend on the perspective. */
    public record Reading(Perspective view, Map<Metric, Interval> values) {}

    /** Computes a report from outcomes.
     *
     * @param bootstrap null for values without intervals
     */
    public static Report of(
            Map<String, Object> facts, List<Outcome> outcomes, Drift drift, List<String> notes, Bootstrap bootstrap) {
        List<Slice> slices = new ArrayList<>();
        List<Metric> all = List.of(Metric.values());
        slices.add(new Slice(ALL, outcomes.size(), values(outcomes, Perspective.SERVED, all, bootstrap)));
        Scores.slices(outcomes)
                .forEach((name, members) -> slices.add(
                        new Slice(name, members.size(), values(members, Perspective.SERVED, all, bootstrap))));
        Map<Estimator, Reliability> importance = new EnumMap<>(Estimator.class);
        for (Estimator estimator : Estimator.values()) {
            Reliability reliability = Calibrations.importance(outcomes, estimator);
            if (!reliability.bins().isEmpty()) {
                importance.put(estimator, reliability);
            }
        }
        return new Report(
                new LinkedHashMap<>(facts),
                slices,
                readings(outcomes, bootstrap),
                Confusion.of(outcomes, Perspective.SERVED),
                Calibrations.emotion(outcomes),
                importance,
                CueTable.detailed(outcomes),
                drift,
                List.copyOf(notes),
                outcomes);
    }

    private static List<Reading> readings(List<Outcome> outcomes, Bootstrap bootstrap) {
        TreeSet<String> readers = new TreeSet<>();
        outcomes.forEach(outcome -> readers.addAll(outcome.told().statements().keySet()));
        List<Reading> readings = new ArrayList<>();
        for (String reader : readers) {
            for (Source source : Source.values()) {
                Perspective view = new Perspective(source, reader);
                if (!view.equals(Perspective.SERVED)) {
                    List<Metric> changed = Arrays.stream(Metric.values())
                            .filter(metric -> changes(metric, view))
                            .toList();
                    readings.add(new Reading(view, values(outcomes, view, changed, bootstrap)));
                }
            }
        }
        return readings;
    }

    /** Whether the metric may have another value from this perspective than from {@link Perspective#SERVED}. */
    private static boolean changes(Metric metric, Perspective view) {
        boolean otherReader = !view.reader().equals(GrammarReader.NAME);
        return switch (metric.depends()) {
            case ON_NOTHING -> false;
            case ON_PREDICTION -> view.source() == Source.ANSWER && !otherReader;
            case ON_READER -> view.source() == Source.SERVED || !otherReader;
            case ON_BOTH -> true;
        };
    }

    private static Map<Metric, Interval> values(
            List<Outcome> outcomes, Perspective view, List<Metric> metrics, Bootstrap bootstrap) {
        if (bootstrap != null) {
            return bootstrap.intervals(outcomes, view, metrics);
        }
        Map<Metric, Interval> values = new EnumMap<>(Metric.class);
        metrics.forEach(metric -> values.put(metric, new Interval(metric.of(outcomes, view), Double.NaN, Double.NaN)));
        return values;
    }

    /** The values over all clips. */
    public Map<Metric, Interval> overall() {
        return slices.get(0).values();
    }

    static boolean dependsOnReader(Metric metric) {
        return metric.depends() == Depends.ON_READER || metric.depends() == Depends.ON_BOTH;
    }
}
