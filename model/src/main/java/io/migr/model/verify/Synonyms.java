package io.migr.model.verify;

import io.migr.model.Emotion;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Maps the words of an answer to labels. DFEW, and with it the corpus, uses happy, sad, angry where MAFW uses
 * happiness, sadness, anger; the four labels only MAFW has are also accepted as adjectives. A word maps to a label only
 * in a set that has the label. Source: the folding of R1-Omni's and ERV's accuracy reward.
 */
public final class Synonyms {
    private static final Map<String, Emotion> FORMS = Map.of(
            "happiness", Emotion.HAPPY,
            "sadness", Emotion.SAD,
            "anger", Emotion.ANGRY,
            "anxious", Emotion.ANXIETY,
            "helpless", Emotion.HELPLESSNESS,
            "disappointed", Emotion.DISAPPOINTMENT,
            "contemptuous", Emotion.CONTEMPT);

    private Synonyms() {}

    /** The label a word stands for; empty if the set has none. Case and surrounding whitespace are ignored. */
    public static Optional<Emotion> fold(String word, List<Emotion> labels) {
        String plain = word.strip().toLowerCase(Locale.ROOT);
        return labels.stream()
                .filter(label -> label.word().equals(plain) || FORMS.get(plain) == label)
                .findFirst();
    }

    /** The labels of the set by every word that stands for one. */
    public static Map<String, Emotion> words(List<Emotion> labels) {
        Map<String, Emotion> words = new java.util.TreeMap<>();
        labels.forEach(label -> words.put(label.word(), label));
        FORMS.forEach((form, label) -> {
            if (labels.contains(label)) {
                words.put(form, label);
            }
        });
        return words;
    }
}
