package io.migr.trainer.round;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.migr.model.Emotion;
import io.migr.trainer.feedback.LabelledClip;
import io.migr.trainer.round.ExampleLog.Place;
import io.migr.trainer.round.ExampleWindow.Entry;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

final class ExampleWindowTest {
    private static final int CLIPS = 400;

    /** Nine of ten clips are happy; the newest has the highest offset. */
    private static List<Entry> entries() {
        List<Entry> entries = new ArrayList<>();
        for (int i = 0; i < CLIPS; i++) {
            Emotion emotion = i % 10 == 0 ? Emotion.SAD : Emotion.HAPPY;
            entries.add(new Entry(new Place(0, i), i, "call/ann/" + i, emotion));
        }
        return entries;
    }

    @Test
    void emotionsTakeTurnsEachWithItsNewest() {
        List<Entry> entries = entries();
        ExampleWindow window = ExampleWindow.of(entries, 40, 1000, 10);
        Map<Emotion, List<Entry>> chosen = entries.stream()
                .filter(entry -> window.training().contains(entry.place()))
                .collect(Collectors.groupingBy(Entry::emotion));
        assertEquals(20, chosen.get(Emotion.SAD).size());
        assertEquals(20, chosen.get(Emotion.HAPPY).size());
        for (Emotion emotion : List.of(Emotion.SAD, Emotion.HAPPY)) {
            long oldest = chosen.get(emotion).get(0).timestamp();
            long newer = entries.stream()
                    .filter(entry -> entry.emotion() == emotion
                            && entry.timestamp() >= oldest
                            && !LabelledClip.heldOut(entry.clip()))
                    .count();
            assertEquals(20, newer, "newest of " + emotion);
        }
    }

    @Test
    void heldOutClipsAreNeverUsedForTrainingWhateverTheSizes() {
        Map<Place, Entry> byPlace = entries().stream().collect(Collectors.toMap(Entry::place, Function.identity()));
        ExampleWindow window = ExampleWindow.of(entries(), CLIPS, 7, 10);
        assertEquals(7, window.heldOut().size());
        assertTrue(window.heldOut().stream()
                .allMatch(place -> LabelledClip.heldOut(byPlace.get(place).clip())));
        assertTrue(window.training().stream()
                .noneMatch(place -> LabelledClip.heldOut(byPlace.get(place).clip())));
        long others = byPlace.values().stream()
                .filter(entry -> !LabelledClip.heldOut(entry.clip()))
                .count();
        assertEquals(others, window.training().size());
    }

    @Test
    void aFifthHoldsOutWhatATenthHoldsOutAndMore() {
        ExampleWindow tenth = ExampleWindow.of(entries(), CLIPS, CLIPS, 10);
        ExampleWindow fifth = ExampleWindow.of(entries(), CLIPS, CLIPS, 5);
        assertTrue(fifth.heldOut().containsAll(tenth.heldOut()));
        // 20 % of 400, plus or minus three standard deviations of 8
        assertTrue(Math.abs(fifth.heldOut().size() - 80) <= 24, fifth.heldOut().size() + " clips");
    }

    @Test
    void theOrderInWhichRecordsAreReadDoesNotMatter() {
        List<Entry> shuffled = entries();
        Collections.shuffle(shuffled, new Random(1));
        assertEquals(ExampleWindow.of(entries(), 33, 5, 10), ExampleWindow.of(shuffled, 33, 5, 10));
    }
}
