package io.migr.model.verify;

import io.migr.model.Emotion;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;


/**
 * Which words of an answer mean which label. DFEW, and the corpus with it, says happy, sad, angry where MAFW says
 * happiness, sadness, anger; MAFW's own four come as adjectives too. A word means a label only within a set that has
 * the label. Source: the folding of R1-Omni's and ERV's accuracy reward.
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

    /** The label that a word stands for; empty when the set has none for it. Case and spaces around don't count. */
    public static Optional<Emotion> fold(String word, List<Emotion> labels) {
        String plain = word.strip().toLowerCase(Locale.ROOT);
        return labels.stream()
                .filter(label -> label.word().equals(plain) || FORMS.get(plain) == label)
                .findFirst();
    }

    /** Every word that stands for a label of the set, by word. */
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
