package io.migr.corpus.people;

import io.migr.model.Emotion;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * What a face appears to display; somebody who weeps may seem to smile. Unclear: nobody can name it, as in the middle of
 * a word or a movement or behind a hand; it says nothing of the label.
 */
enum Display {
    HAPPY,
    SAD,
    NEUTRAL,
    ANGRY,
    SURPRISE,
    DISGUST,
    FEAR,
    WEEPING,
    UNCLEAR;

    private static final double SHARE_UNCLEAR = PeopleNoise.number("unclear", "share");
    private static final double[][] GIVEN = given();

    private static double[][] given() {
        double[][] rows = new double[PeopleNoise.LABELS.size()][values().length];
        for (int y = 0; y < rows.length; y++) {
            double sum = 0;
            for (Display display : values()) {
                if (display == UNCLEAR) {
                    continue;
                }
                String label = PeopleNoise.LABELS.get(y).word();
                rows[y][display.ordinal()] = PeopleNoise.numberOr(0, "displays", label, display.word());
                sum += rows[y][display.ordinal()];
            }
            for (int d = 0; d < rows[y].length; d++) {
                rows[y][d] *= (1 - SHARE_UNCLEAR) / sum;
            }
            rows[y][UNCLEAR.ordinal()] = SHARE_UNCLEAR;
        }
        return rows;
    }

    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The plain display of a label. */
    static Display of(Emotion label) {
        return valueOf(label.name());
    }

    static Display draw(int label, SplittableRandom random) {
        return values()[Densities.index(GIVEN[label], random)];
    }

    /** p(this | label), the label by its place in {@link PeopleNoise#LABELS}. */
    double probability(int label) {
        return GIVEN[label][ordinal()];
    }
}
