package io.migr.corpus;

import io.migr.corpus.people.PeopleClip;
import io.migr.model.CueReading;
import io.migr.model.Emotion;
import io.migr.model.cues.Claim;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * log p(claim | emotion) of what may be claimed of measured people, counted over {@value #CLIPS} clips in cue space with
 * fixed seeds, each count raised by one half. On first use, because it takes seconds.
 */
final class ClaimLikelihoods {
    private static final int CLIPS = 6_000;
    /** Seeds of these clips are the last of the split, which no run uses otherwise. */
    private static final int FIRST = 900_000;

    private static final Map<String, Map<Emotion, Double>> ALL = count();

    private ClaimLikelihoods() {}

    private record Drawn(Emotion label, CueReading reading) {}

    private static Map<String, Map<Emotion, Double>> count() {
        Map<Emotion, Integer> clips = new EnumMap<>(Emotion.class);
        Map<String, Map<Emotion, Integer>> claimed = new HashMap<>();
        IntStream.range(FIRST, FIRST + CLIPS) // not parallel: other threads would wait for this class
                .mapToObj(i -> PeopleClip.of(Split.SFT.seed(i)))
                .map(clip -> new Drawn(clip.label(), clip.cues().reading()))
                .toList()
                .forEach(clip -> {
                    clips.merge(clip.label(), 1, Integer::sum);
                    clip.reading().claims().keySet().forEach(id -> claimed.computeIfAbsent(
                                    id, key -> new EnumMap<>(Emotion.class))
                            .merge(clip.label(), 1, Integer::sum));
                });
        Map<String, Map<Emotion, Double>> logs = new HashMap<>();
        for (Claim claim : Claim.values()) {
            Map<Emotion, Double> log = new EnumMap<>(Emotion.class);
            Map<Emotion, Integer> counts = claimed.getOrDefault(claim.id(), Map.of());
            Posterior.LABELS.forEach(label -> log.put(
                    label, Math.log((counts.getOrDefault(label, 0) + 0.5) / (clips.getOrDefault(label, 0) + 1))));
            logs.put(claim.id(), log);
        }
        return logs;
    }

    /** Of a claim, by its id; all 0 for anything that is not claimed of people. */
    static Map<Emotion, Double> of(String id) {
        Map<Emotion, Double> log = ALL.get(id);
        if (log == null) {
            log = new EnumMap<>(Emotion.class);
            for (Emotion label : Posterior.LABELS) {
                log.put(label, 0.0);
            }
        }
        return log;
    }
}
