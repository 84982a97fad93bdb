package io.migr.trainer.round;

import io.migr.model.Emotion;
import io.migr.trainer.feedback.LabelledClip;
import io.migr.trainer.round.ExampleLog.Place;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The labelled clips a round uses. Held-out clips are used for evaluation, newest first. From the others, the emotions
 * take turns, each with its newest remaining clip, until the window is full. A rare emotion thus keeps older clips, and
 * a frequent one only new ones.
 *
 * @param training positions of the training clips
 * @param heldOut positions of the evaluation clips
 */
record ExampleWindow(Set<Place> training, Set<Place> heldOut) {

    /** The last record of a clip. */
    record Entry(Place place, long timestamp, String clip, Emotion emotion) {}

    private static final Comparator<Entry> NEWEST_FIRST = Comparator.comparingLong(Entry::timestamp)
            .thenComparingInt(entry -> entry.place().partition())
            .thenComparingLong(entry -> entry.place().offset())
            .reversed();

    /**
     * Chooses clips.
     *
     * @param entries one per clip
     * @param most largest number of training clips
     * @param mostHeldOut largest number of held-out clips
     * @param oneIn one clip in this many is held out
     */
    static ExampleWindow of(Collection<Entry> entries, int most, int mostHeldOut, int oneIn) {
        List<Entry> newest = entries.stream().sorted(NEWEST_FIRST).toList();
        Set<Place> heldOut = new HashSet<>();
        Map<Emotion, Deque<Entry>> byEmotion = new TreeMap<>();
        for (Entry entry : newest) {
            if (!LabelledClip.heldOut(entry.clip(), oneIn)) {
                byEmotion
                        .computeIfAbsent(entry.emotion(), emotion -> new ArrayDeque<>())
                        .add(entry);
            } else if (heldOut.size() < mostHeldOut) {
                heldOut.add(entry.place());
            }
        }
        Set<Place> training = new HashSet<>();
        while (training.size() < most && !byEmotion.isEmpty()) {
            for (Deque<Entry> clips : byEmotion.values()) {
                if (training.size() < most) {
                    training.add(clips.remove().place());
                }
            }
            byEmotion.values().removeIf(Deque::isEmpty);
        }
        return new ExampleWindow(training, heldOut);
    }
}
