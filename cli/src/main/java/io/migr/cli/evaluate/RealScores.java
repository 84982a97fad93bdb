package io.migr.cli.evaluate;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.migr.evaluation.measure.Interval;
import io.migr.evaluation.measure.Wilson;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;

/** Shares of labelled files, in the order in which they were counted; rows without a file are left out. */
final class RealScores {
    private record Row(String name, int hits, int n) {}

    private final List<Row> rows = new ArrayList<>();

    /** Adds the share of {@code of} that {@code hit} holds for. */
    <T> void add(String name, List<T> of, Predicate<? super T> hit) {
        if (!of.isEmpty()) {
            rows.add(new Row(name, (int) of.stream().filter(hit).count(), of.size()));
        }
    }

    /** Aligned text, one line a row. */
    String table() {
        StringBuilder text = new StringBuilder(
                String.format(Locale.ROOT, "%-70s %5s %5s %7s  %s%n", "", "hits", "n", "share", "95 % interval"));
        for (Row row : rows) {
            Interval share = Wilson.of(row.hits(), row.n());
            text.append(String.format(
                    Locale.ROOT,
                    "%-70s %5d %5d %7.3f  %.3f to %.3f%n",
                    row.name(),
                    row.hits(),
                    row.n(),
                    share.value(),
                    share.low(),
                    share.high()));
        }
        return text.toString();
    }

    /** One object: the versions, then the rows, with shares rounded to four decimals. */
    ObjectNode json(String model, String perception) {
        ObjectNode root = new ObjectMapper().createObjectNode();
        root.put("model_version", model).put("perception_version", perception);
        var array = root.putArray("rows");
        for (Row row : rows) {
            Interval share = Wilson.of(row.hits(), row.n());
            array.addObject()
                    .put("name", row.name())
                    .put("hits", row.hits())
                    .put("n", row.n())
                    .put("share", rounded(share.value()))
                    .put("low", rounded(share.low()))
                    .put("high", rounded(share.high()));
        }
        return root;
    }

    private static double rounded(double share) {
        return Math.round(share * 1e4) / 1e4;
    }
}
