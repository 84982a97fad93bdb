package io.migr.corpus;

import io.migr.model.Emotion;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * The action units of each emotion. Units are independent given the emotion: a core unit is visible with probability
 * 0.82, an optional one with 0.35, one that speaks against the emotion with 0.015, any other with 0.05; on a neutral
 * face each has 0.03. The units of the six basic emotions follow Ekman and Friesen; the probabilities are our own.
 */
final class DrawnFaceCues {
    /** FACS numbers, in the order of every array over units. */
    static final int[] UNITS = {1, 2, 4, 5, 6, 7, 9, 10, 12, 15, 16, 17, 20, 23, 24, 25, 26, 43};

    /** The action units of one emotion; units in none of the lists are unrelated to it. */
    private record Row(List<Integer> core, List<Integer> optional, List<Integer> against) {}

    private static final Map<Emotion, Row> TABLE = new EnumMap<>(Map.of(
            Emotion.HAPPY, new Row(List.of(6, 12), List.of(25, 26), List.of(1, 4, 9, 15)),
            Emotion.SAD, new Row(List.of(1, 4, 15), List.of(17, 43), List.of(12, 5, 9)),
            Emotion.ANGRY, new Row(List.of(4, 5, 7, 23), List.of(24, 17, 10, 25), List.of(1, 2, 12, 15)),
            Emotion.FEAR, new Row(List.of(1, 2, 4, 5, 20, 26), List.of(7, 25), List.of(12, 15, 9)),
            Emotion.SURPRISE, new Row(List.of(1, 2, 5, 26), List.of(25), List.of(4, 9, 20, 15)),
            Emotion.DISGUST, new Row(List.of(9, 15, 16), List.of(10, 17, 4), List.of(1, 2, 5, 12)),
            Emotion.NEUTRAL, new Row(List.of(), List.of(), List.of())));

    /** Unit patterns that fit several emotions. */
    private static final List<List<Integer>> AMBIGUOUS =
            List.of(List.of(4, 7), List.of(1, 2), List.of(12), List.of(24, 17), List.of(25, 26));

    private DrawnFaceCues() {}

    static int index(int unit) {
        for (int i = 0; i < UNITS.length; i++) {
            if (UNITS[i] == unit) {
                return i;
            }
        }
        throw new IllegalArgumentException("Action unit " + unit + " is not one of those the corpus draws.");
    }

    static double probability(Emotion emotion, int unit) {
        if (emotion == Emotion.NEUTRAL) {
            return 0.03;
        }
        Row row = TABLE.get(emotion);
        if (row.core().contains(unit)) {
            return 0.82;
        }
        return row.optional().contains(unit) ? 0.35 : row.against().contains(unit) ? 0.015 : 0.05;
    }

    /** Whether a unit is a core unit of an emotion. */
    static boolean core(Emotion emotion, int unit) {
        return TABLE.get(emotion).core().contains(unit);
    }

    /** Whether a unit speaks against an emotion; for neutral every unit except parted lips, which come with speech. */
    static boolean against(Emotion emotion, int unit) {
        return emotion == Emotion.NEUTRAL
                ? unit != 25
                : TABLE.get(emotion).against().contains(unit);
    }

    static boolean[] draw(Emotion emotion, SplittableRandom random) {
        boolean[] units = new boolean[UNITS.length];
        for (int i = 0; i < units.length; i++) {
            units[i] = random.nextDouble() < probability(emotion, UNITS[i]);
        }
        return units;
    }

    static boolean[] drawAmbiguous(SplittableRandom random) {
        List<Integer> pattern = AMBIGUOUS.get(random.nextInt(AMBIGUOUS.size()));
        boolean[] units = new boolean[UNITS.length];
        for (int i = 0; i < units.length; i++) {
            units[i] = random.nextDouble() < (pattern.contains(UNITS[i]) ? 0.9 : 0.02);
        }
        return units;
    }

    /** A smile that does not reach the eyes: AU 12, sometimes 25, never 6. */
    static boolean[] drawMask(SplittableRandom random) {
        boolean[] units = new boolean[UNITS.length];
        units[index(12)] = true;
        units[index(25)] = random.nextDouble() < 0.35;
        return units;
    }

    /** log p(units | emotion). */
    static double logLikelihood(boolean[] units, Emotion emotion) {
        double sum = 0;
        for (int i = 0; i < units.length; i++) {
            double p = probability(emotion, UNITS[i]);
            sum += Math.log(units[i] ? p : 1 - p);
        }
        return sum;
    }

    static double logLikelihoodAmbiguous(boolean[] units) {
        double mixture = 0;
        for (List<Integer> pattern : AMBIGUOUS) {
            double product = 1.0 / AMBIGUOUS.size();
            for (int i = 0; i < units.length; i++) {
                double p = pattern.contains(UNITS[i]) ? 0.9 : 0.02;
                product *= units[i] ? p : 1 - p;
            }
            mixture += product;
        }
        return Math.log(mixture);
    }

    static double logLikelihoodMask(boolean[] units) {
        for (int i = 0; i < units.length; i++) {
            if (units[i] != (UNITS[i] == 12) && UNITS[i] != 25) {
                return Double.NEGATIVE_INFINITY;
            }
        }
        return Math.log(units[index(25)] ? 0.35 : 0.65);
    }
}
