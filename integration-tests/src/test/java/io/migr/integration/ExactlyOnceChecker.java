package io.migr.integration;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Recomputes from what was accepted what must have come out, and lists every difference. */
final class ExactlyOnceChecker {
    /** One committed record: a clip's name {@code call/participant/sequence}, in partition order. */
    record Seen(String clip) {
        String key() {
            return clip.substring(0, clip.lastIndexOf('/'));
        }

        long sequence() {
            return Long.parseLong(clip.substring(clip.lastIndexOf('/') + 1));
        }
    }

    private ExactlyOnceChecker() {}

    /**
     * Compares.
     *
     * @param accepted clips that the broker acknowledged
     * @param predictions per partition in offset order
     * @param explanations as predictions
     * @param deadLetters clips named by dead letters
     * @return what is wrong; empty: nothing
     */
    static List<String> violations(
            Set<String> accepted, List<Seen> predictions, List<Seen> explanations, List<String> deadLetters) {
        List<String> wrong = new ArrayList<>();
        Map<String, Integer> ends = new LinkedHashMap<>();
        accepted.forEach(clip -> ends.put(clip, 0));
        Map<String, Integer> explained = new HashMap<>();
        for (Seen seen : explanations) {
            explained.merge(seen.clip(), 1, Integer::sum);
        }
        Map<String, Long> last = new HashMap<>();
        for (Seen seen : predictions) {
            count(ends, seen.clip(), "prediction", wrong);
            if (explained.getOrDefault(seen.clip(), 0) != 1) {
                wrong.add(seen.clip() + " has a prediction and " + explained.getOrDefault(seen.clip(), 0)
                        + " explanations");
            }
            Long before = last.put(seen.key(), seen.sequence());
            if (before != null && before >= seen.sequence()) {
                wrong.add(seen.clip() + " comes after " + before + " of the same participant");
            }
        }
        Map<String, Integer> predicted = new HashMap<>();
        predictions.forEach(seen -> predicted.merge(seen.clip(), 1, Integer::sum));
        explained.keySet().stream()
                .filter(clip -> !predicted.containsKey(clip))
                .forEach(clip -> wrong.add(clip + " has an explanation and no prediction"));
        for (String clip : deadLetters) {
            count(ends, clip, "dead letter", wrong);
        }
        ends.forEach((clip, times) -> {
            if (times != 1) {
                wrong.add(clip + " came out " + times + " times");
            }
        });
        return wrong;
    }

    private static void count(Map<String, Integer> ends, String clip, String what, List<String> wrong) {
        if (ends.computeIfPresent(clip, (name, times) -> times + 1) == null) {
            wrong.add(clip + " was never accepted, but has a " + what);
        }
    }
}
