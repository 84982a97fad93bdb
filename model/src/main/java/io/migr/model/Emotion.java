package io.migr.model;

import java.util.List;
import java.util.Locale;

/** The emotions of the two label sets: DFEW's seven, then the four that MAFW adds. */
public enum Emotion {
    HAPPY,
    SAD,
    NEUTRAL,
    ANGRY,
    SURPRISE,
    DISGUST,
    FEAR,
    CONTEMPT,
    ANXIETY,
    HELPLESSNESS,
    DISAPPOINTMENT;

    /** DFEW's single-label classes, in the order of its ids 1..7. */
    public static final List<Emotion> DFEW = List.of(HAPPY, SAD, NEUTRAL, ANGRY, SURPRISE, DISGUST, FEAR);

    /** MAFW's single-label classes, in its order. */
    public static final List<Emotion> MAFW = List.of(
            ANGRY, DISGUST, FEAR, HAPPY, NEUTRAL, SAD, SURPRISE, CONTEMPT, ANXIETY, HELPLESSNESS, DISAPPOINTMENT);

    /** The word for this emotion in explanations and answers. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
