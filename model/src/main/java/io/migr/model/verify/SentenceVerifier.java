package io.migr.model.verify;

import io.migr.model.Emotion;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;


/** Says which emotions a sentence asserts. Thread-safe. */
public interface SentenceVerifier {
    /** ERV's threshold on the sigmoid of each class. */
    double THRESHOLD = 0.1;

    /** ERV keeps at most so many classes of a sentence. */
    int MOST = 2;

    /**
     * Reads sentences.
     *
     * @param sentences without tags, as {@link Sentences} splits them
     * @return the emotions of each; empty: it asserts none, as a description or a doubt does. Neutral is an emotion
     *     here: "the face reads as neutral" asserts it. A classifier that has one class for both (GoEmotions) answers
     *     with nothing for it, and loses the difference
     */
    List<Set<Emotion>> emotions(List<String> sentences);

    /**
     * ERV's rule from probabilities to a set: of the classes at or over {@value #THRESHOLD} the {@value #MOST} most
     * probable; where none is, the most probable one. What asserts nothing is a class like the others and leaves
     * nothing in the set.
     *
     * @param probabilities per label 0..1, then that of asserting nothing
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
