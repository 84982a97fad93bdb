package io.migr.integration;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Derives the expected output from the accepted input, and lists every difference from the actual output. */
final class ExactlyOnceChecker {
    /**
     * One record about a clip as a reader saw it, in partition order.
     *
     * @param clip the clip's name, {@code call/participant/sequence}
     * @param version the model version
     * @param attempt distinguishes the record from that of another attempt at the same clip
     */
    record Seen(String clip, String version, Object attempt) {
        String key() {
            return clip.substring(0, clip.lastIndexOf('/'));
        }

        long sequence() {
            return Long.parseLong(clip.substring(clip.lastIndexOf('/') + 1));
        }
    }

    /**
     * One training example, in partition order.
     *
     * @param prediction the attempt whose prediction it contains
     * @param labels the labels it contains
     */
    record Taught(int partition, long offset, String clip, Object prediction, Set<String> labels) {}

    /** Offsets of one partition of the examples; {@code to} is exclusive. */
    record Span(int partition, long from, long to) {
        boolean has(Taught example) {
            return example.partition() == partition && example.offset() >= from && example.offset() < to;
        }
    }

    /**
     * What a version records about the round that made it.
     *
     * @param ranges the offsets it was trained on
     * @param learned the number of clips that were learned from, or refused because they show nothing
     * @param judged the number of held-out clips that it was evaluated on
     */
    record Round(String version, List<Span> ranges, int learned, int judged) {}

    private ExactlyOnceChecker() {}

    /**
     * Compares the results with the clips that were sent.
     *
     * @param accepted the clips that the broker acknowledged
     * @param predictions in offset order within each partition
     * @param explanations in offset order within each partition
     * @param deadLetters the clips named by dead letters
     * @return one text for each violation; empty if there is none
     */
    static List<String> violations(
            Set<String> accepted, List<Seen> predictions, List<Seen> explanations, List<String> deadLetters) {
        List<String> wrong = new ArrayList<>();
        Map<String, Integer> ends = new LinkedHashMap<>();
        accepted.forEach(clip -> ends.put(clip, 0));
        Map<String, List<Seen>> explained = new HashMap<>();
        explanations.forEach(seen -> explained
                .computeIfAbsent(seen.clip(), clip -> new ArrayList<>())
                .add(seen));
        for (Seen seen : predictions) {
            count(ends, seen.clip(), "prediction", wrong);
            List<Seen> whys = explained.getOrDefault(seen.clip(), List.of());
            if (whys.size() != 1) {
                wrong.add(seen.clip() + " has a prediction and " + whys.size() + " explanations");
            }
            for (Seen why : whys) {
                if (!why.version().equals(seen.version())) {
                    wrong.add(
                            seen.clip() + " was predicted by " + seen.version() + " and explained by " + why.version());
                }
            }
        }
        Set<String> predicted = new HashSet<>();
        predictions.forEach(seen -> predicted.add(seen.clip()));
        explained.keySet().stream()
                .filter(clip -> !predicted.contains(clip))
                .forEach(clip -> wrong.add(clip + " has an explanation and no prediction"));
        disorder("prediction", predictions, wrong);
        disorder("explanation", explanations, wrong);
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

    private static void disorder(String what, List<Seen> records, List<String> wrong) {
        Map<String, Long> last = new HashMap<>();
        for (Seen seen : records) {
            Long before = last.put(seen.key(), seen.sequence());
            if (before != null && before >= seen.sequence()) {
                wrong.add("the " + what + " of " + seen.clip() + " comes after " + before + " of the same participant");
            }
        }
    }

    /**
     * Compares the training examples with the labels: each label produces one new example, which contains all labels of
     * its clip so far and the committed prediction.
     *
     * @param labels by clip, all labels that the broker acknowledged; of predicted clips only, one from each annotator
     */
    static List<String> labelViolations(
            Map<String, Set<String>> labels, List<Seen> predictions, List<Taught> examples) {
        List<String> wrong = new ArrayList<>();
        Map<String, Object> committed = new HashMap<>();
        predictions.forEach(seen -> committed.put(seen.clip(), seen.attempt()));
        Map<String, Set<String>> taught = new HashMap<>();
        for (Taught example : examples) {
            String clip = example.clip();
            if (!example.prediction().equals(committed.get(clip))) {
                wrong.add("the example of " + clip + " contains a prediction that was never committed");
            }
            Set<String> before = taught.getOrDefault(clip, Set.of());
            Set<String> now = example.labels();
            if (!now.containsAll(before)) {
                wrong.add("an example of " + clip + " has lost labels: " + now + " after " + before);
            } else if (now.size() == before.size()) {
                wrong.add("an example of " + clip + " was repeated without a new label: " + now);
            }
            taught.put(clip, now);
        }
        labels.forEach((clip, all) -> {
            if (!all.equals(taught.getOrDefault(clip, Set.of()))) {
                wrong.add(clip + " was labelled " + all + ", but its last example has " + taught.get(clip));
            }
        });
        taught.keySet().stream()
                .filter(clip -> !labels.containsKey(clip))
                .forEach(clip -> wrong.add(clip + " was never labelled, but has an example"));
        return wrong;
    }

    /**
     * Compares the examples that rounds used with the existing ones: within a round no offset is used twice, and each
     * clip of its ranges is used once, either for training or as held out.
     *
     * @param heldOut the clips that must never be learned from
     */
    static List<String> roundViolations(
            List<Taught> examples, List<Round> rounds, java.util.function.Predicate<String> heldOut) {
        List<String> wrong = new ArrayList<>();
        for (Round round : rounds) {
            Set<String> learned = new HashSet<>();
            Set<String> judged = new HashSet<>();
            for (Taught example : examples) {
                long times = round.ranges().stream()
                        .filter(span -> span.has(example))
                        .count();
                if (times > 1) {
                    wrong.add(round.version() + " used offset " + example.offset() + " of partition "
                            + example.partition() + " " + times + " times");
                }
                if (times > 0) {
                    (heldOut.test(example.clip()) ? judged : learned).add(example.clip());
                }
            }
            if (round.learned() != learned.size() || round.judged() != judged.size()) {
                wrong.add(round.version() + " learned from " + round.learned() + " clips and was evaluated on "
                        + round.judged() + "; its offsets have " + learned.size() + " and " + judged.size());
            }
        }
        return wrong;
    }
}
