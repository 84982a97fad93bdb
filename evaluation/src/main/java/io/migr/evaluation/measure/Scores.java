package io.migr.evaluation.measure;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Every metric over a set of clips.
 *
 * @param clips N
 * @param values shares in 0..1, counts as they are; NaN if no clip qualifies
 */
public record Scores(int clips, Map<Metric, Double> values) {

    /** Computes all metrics for one view. */
    public static Scores of(List<Outcome> outcomes, Perspective view) {
        Map<Metric, Double> values = new EnumMap<>(Metric.class);
        for (Metric metric : Metric.values()) {
            values.put(metric, metric.of(outcomes, view));
        }
        return new Scores(outcomes.size(), values);
    }

    /** Computes all metrics for the served prediction. */
    public static Scores of(List<Outcome> outcomes) {
        return of(outcomes, Perspective.SERVED);
    }

    /** The clips of each slice, in alphabetical order. */
    public static Map<String, List<Outcome>> slices(List<Outcome> outcomes) {
        return outcomes.stream().collect(Collectors.groupingBy(Outcome::slice, TreeMap::new, Collectors.toList()));
    }

    /** Computes all metrics for the served prediction per slice, in alphabetical order. */
    public static Map<String, Scores> perSlice(List<Outcome> outcomes) {
        Map<String, Scores> scores = new TreeMap<>();
        slices(outcomes).forEach((slice, members) -> scores.put(slice, of(members)));
        return scores;
    }

    public double get(Metric metric) {
        return values.get(metric);
    }
}
