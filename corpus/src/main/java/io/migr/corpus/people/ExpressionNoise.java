package io.migr.corpus.people;

import io.migr.schemas.FaceExpression;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * How a display is measured as an expression: a class by confusion, then a Dirichlet vector about the class, drawn
 * towards equal shares by the quality of the view, as perception does.
 */
final class ExpressionNoise {
    private static final List<String> CLASSES = List.of("happy", "neutral", "surprise", "sad", "angry", "other");
    private static final int SIZE = CLASSES.size();
    private static final int SURPRISE = CLASSES.indexOf("surprise");
    /** Below it, the shares are equal but for rounding. */
    private static final double NO_VIEW = 0.02;

    private static final double SMALLEST = 0.002;

    private static final double[][] CONFUSION = confusion();
    private static final double TALKING = PeopleNoise.number("expression", "talkingLooksSurprised");
    private static final double REST = PeopleNoise.number("expressionValues", "rest");
    private static final double[] ABOUT = CLASSES.stream()
            .mapToDouble(name -> PeopleNoise.number("expressionValues", name))
            .toArray();
    private static final double[] ABOUT_UNCLEAR = unclear();
    private static final double[] LOG_NORM = logNorms(ABOUT);
    private static final double[] LOG_NORM_UNCLEAR = logNorms(ABOUT_UNCLEAR);

    private ExpressionNoise() {}

    private static double[] unclear() {
        double[] about = new double[SIZE];
        Arrays.fill(about, PeopleNoise.number("expressionValues", "unclear"));
        return about;
    }

    private static double[] logNorms(double[] about) {
        return Arrays.stream(about)
                .map(a -> Densities.logGamma(a + (SIZE - 1) * REST)
                        - Densities.logGamma(a)
                        - (SIZE - 1) * Densities.logGamma(REST))
                .toArray();
    }

    private static double[] about(Display display) {
        return display == Display.UNCLEAR ? ABOUT_UNCLEAR : ABOUT;
    }

    private static double[][] confusion() {
        double[][] rows = new double[Display.values().length][SIZE];
        for (Display display : Display.values()) {
            double[] row = rows[display.ordinal()];
            if (display == Display.WEEPING) {
                for (int c = 0; c < SIZE; c++) {
                    row[c] = PeopleNoise.number("expression", "weeping", CLASSES.get(c));
                }
                continue;
            }
            if (display == Display.UNCLEAR) {
                for (int c = 0; c < SIZE; c++) {
                    double times = PeopleNoise.numberOr(0, "unclear", "looks", CLASSES.get(c));
                    row[c] = PeopleNoise.rate(times, PeopleNoise.number("unclear", "of"), SIZE);
                }
                continue;
            }
            String own = CLASSES.contains(display.word()) ? display.word() : "other";
            boolean validated = CLASSES.indexOf(own) <= SURPRISE;
            String counted = validated ? "validated" : own;
            double right = PeopleNoise.rate(
                    PeopleNoise.number("expression", counted, "right"),
                    PeopleNoise.number("expression", counted, "of"),
                    SIZE);
            Arrays.fill(row, (1 - right) / (SIZE - 1));
            row[CLASSES.indexOf(own)] = right;
        }
        return rows;
    }

    private static double probability(int measured, Display display, boolean talks, double kept) {
        double talking = talks ? TALKING : 0;
        double clear = (1 - talking) * CONFUSION[display.ordinal()][measured] + (measured == SURPRISE ? talking : 0);
        return kept * clear + (1 - kept) / SIZE;
    }

    static FaceExpression draw(Display display, boolean talks, double quality, SplittableRandom random) {
        double[] probabilities = new double[SIZE];
        for (int c = 0; c < SIZE; c++) {
            probabilities[c] = probability(c, display, talks, UnitNoise.kept(quality));
        }
        int measured = Densities.index(probabilities, random);
        double[] shares = new double[SIZE];
        double sum = 0;
        for (int c = 0; c < SIZE; c++) {
            shares[c] = Densities.gamma(c == measured ? about(display)[c] : REST, random);
            sum += shares[c];
        }
        for (int c = 0; c < SIZE; c++) {
            shares[c] = quality * shares[c] / sum + (1 - quality) / SIZE;
        }
        return new FaceExpression(
                (float) shares[0], (float) shares[1], (float) shares[2], (float) shares[3], (float) shares[4], (float)
                        shares[5]);
    }

    /**
     * log of the density of each class's vector at an expression, for clear displays and for {@link Display#UNCLEAR};
     * null: the view says nothing.
     */
    static double[][] logClasses(FaceExpression expression, double quality) {
        if (expression == null || quality < NO_VIEW) {
            return null;
        }
        double[] shares = {
            expression.getHappy(),
            expression.getNeutral(),
            expression.getSurprise(),
            expression.getSad(),
            expression.getAngry(),
            expression.getOther()
        };
        double rest = 0;
        for (int c = 0; c < SIZE; c++) {
            shares[c] = Math.log(Math.max(SMALLEST, (shares[c] - (1 - quality) / SIZE) / quality));
            rest += (REST - 1) * shares[c];
        }
        double[][] logs = new double[2][SIZE];
        for (int c = 0; c < SIZE; c++) {
            logs[0][c] = rest + (LOG_NORM[c] + (ABOUT[c] - REST) * shares[c]);
            logs[1][c] = rest + (LOG_NORM_UNCLEAR[c] + (ABOUT_UNCLEAR[c] - REST) * shares[c]);
        }
        return logs;
    }

    /** log p(expression | display), from {@link #logClasses}. */
    static double logDensity(double[][] logClasses, Display display, boolean talks, double quality) {
        double[] about = logClasses[display == Display.UNCLEAR ? 1 : 0];
        double[] logs = new double[SIZE];
        for (int c = 0; c < SIZE; c++) {
            logs[c] = about[c] + Math.log(probability(c, display, talks, UnitNoise.kept(quality)));
        }
        return Densities.logSum(logs);
    }
}
