package io.migr.cli.serve;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.migr.cli.watch.ResultReader.Result;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Counts what became of the clips of the user's own files. */
final class OwnFileCounts {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Map<String, Integer> emotions = new TreeMap<>();
    private final Map<String, Integer> abstained = new TreeMap<>();
    private final Map<String, Integer> dead = new TreeMap<>();
    private int missing;

    /** Counts one clip; null: it has no result. */
    void add(Result result) {
        if (result == null) {
            missing++;
        } else if (result.prediction() == null) {
            dead.merge(result.deadReason(), 1, Integer::sum);
        } else if (result.prediction().getAbstained()) {
            abstained.merge(result.prediction().getAbstainedReason(), 1, Integer::sum);
        } else {
            String emotion = result.prediction().getEmotion().name().toLowerCase(Locale.ROOT);
            emotions.merge(emotion, 1, Integer::sum);
        }
    }

    int missing() {
        return missing;
    }

    /** Whether each clip has a prediction, be it that nothing can be told. */
    boolean complete() {
        return missing == 0 && dead.isEmpty();
    }

    private static int sum(Map<String, Integer> counts) {
        return counts.values().stream().mapToInt(Integer::intValue).sum();
    }

    private int clips() {
        return sum(emotions) + sum(abstained) + sum(dead) + missing;
    }

    /** One line; most frequent emotions and reasons first. */
    String text() {
        return clips() + (clips() == 1 ? " clip: " : " clips: ") + part("answered", emotions) + "; "
                + part("abstained", abstained)
                + (dead.isEmpty() ? "" : "; " + part("dead letters", dead))
                + (missing == 0 ? "" : "; " + missing + " without a result") + ".";
    }

    private static String part(String what, Map<String, Integer> counts) {
        String each = counts.entrySet().stream()
                .sorted(Map.Entry.<String, Integer>comparingByValue().reversed())
                .map(one -> one.getKey() + ": " + one.getValue())
                .collect(Collectors.joining(", "));
        return sum(counts) + " " + what + (counts.isEmpty() ? "" : " (" + each + ")");
    }

    /** The last object of {@code --json}. */
    ObjectNode json() {
        ObjectNode json = JSON.createObjectNode();
        ObjectNode summary = json.putObject("summary").put("clips", clips());
        add(summary, "answered", "emotions", emotions);
        add(summary, "abstained", "abstained_reasons", abstained);
        add(summary, "dead_letters", "dead_letter_reasons", dead);
        summary.put("without_result", missing);
        return json;
    }

    private static void add(ObjectNode summary, String sum, String each, Map<String, Integer> counts) {
        summary.put(sum, sum(counts));
        ObjectNode object = summary.putObject(each);
        counts.forEach(object::put);
    }
}
