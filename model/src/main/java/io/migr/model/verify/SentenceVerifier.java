package io.migr.model.verify;

import io.migr.model.Emotion;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/** Determines which emotions a sentence asserts. Thread-safe. */
public interface SentenceVerifier {
    /** ERV's threshold for the sigmoid of each class. */
    double THRESHOLD = 0.1;

    /** ERV keeps at most this many classes per sentence. */
    int MOST = 2;

    /**
     * Determines the emotions of sentences.
     *
     * @param sentences without tags, as {@link SentenceSplitter} splits them
     * @return the emotions of each; empty: it asserts none, like a description or a doubt. Neutral is an emotion here:
     *     "the face reads as neutral" asserts it. A classifier with one class for both (GoEmotions) returns an empty
     *     set for neutral and loses the distinction
     */
    List<Set<Emotion>> emotions(List<String> sentences);

    /**
     * ERV's rule from probabilities to a set: of the classes at or above {@value #THRESHOLD}, the {@value #MOST} most
     * probable; if there is none, the most probable class. Asserting nothing is a class like the others, but adds no
     * emotion to the set.
     *
     * @param probabilities one per label, 0..1, then that of asserting nothing
     */
    static Set<Emotion> chosen(double[] probabilities, List<Emotion> labels) {
        List<Integer> ranked =
                new ArrayList<>(IntStream.range(0, probabilities.length).boxed().toList());
        ranked.sort(Comparator.comparingDouble(i -> -probabilities[i]));
        Set<Emotion> chosen = EnumSet.noneOf(Emotion.class);
        for (int i : ranked.subList(0, Math.min(MOST, ranked.size()))) {
            boolean kept = probabilities[i] >= THRESHOLD || i == ranked.get(0);
            if (kept && i < labels.size()) {
                chosen.add(labels.get(i));
            }
        }
        return chosen;
    }
}
