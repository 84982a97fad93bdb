package io.migr.corpus.people;

import io.migr.corpus.people.Densities.Beta;
import io.migr.model.cues.FaceRows;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * How an action unit is shown and measured. An absolute unit has a value of 0..1 that 0.5 divides; of a relative one only
 * the difference to the person's usual says something. The unit 6 follows 12 and has no row.
 *
 * @param present p(shown | display)
 * @param opens p(opened by speech)
 * @param hit p(measured as shown | shown)
 * @param stray p(measured as shown | not shown)
 * @param shift of a relative unit that is measured as shown, and its spread
 */
record UnitNoise(
        int number,
        boolean relative,
        double[] present,
        double opens,
        double hit,
        double stray,
        double shift,
        double spread,
        double reliability) {
    static final List<UnitNoise> ALL = all();
    static final double CHEEK_RELIABILITY = 0.3;

    private static final int CHEEK = 6;
    private static final Beta HIT = value("hit");
    private static final Beta FALSE = value("false");
    private static final Beta MISS = value("miss");
    private static final Beta RIGHT = value("right");
    private static final double REST = PeopleNoise.number("relativeRest", "shift");
    private static final double REST_SPREAD = PeopleNoise.number("relativeRest", "spread");
    private static final double BASE = PeopleNoise.number("degraded", "base");
    private static final double SLOPE = PeopleNoise.number("degraded", "slope");
    /** How often a guess says that a unit is shown. */
    private static final double GUESS = 0.3;

    private static Beta value(String name) {
        return Beta.of(PeopleNoise.numbers("absoluteValues", name));
    }

    private static List<UnitNoise> all() {
        List<UnitNoise> all = new ArrayList<>();
        for (int number : FaceRows.UNITS) {
            if (number == CHEEK) {
                continue;
            }
            String unit = String.valueOf(number);
            double[] present = new double[Display.values().length];
            for (Display display : Display.values()) {
                double otherwise = PeopleNoise.number("units", "other");
                present[display.ordinal()] = PeopleNoise.numberOr(otherwise, "units", display.word(), unit);
            }
            boolean relative = Double.isNaN(PeopleNoise.numberOr(Double.NaN, "absolute", unit, "hit"));
            String kind = relative ? "relative" : "absolute";
            all.add(new UnitNoise(
                    number,
                    relative,
                    present,
                    PeopleNoise.numberOr(0, "speechOpens", unit),
                    PeopleNoise.number(kind, unit, "hit"),
                    PeopleNoise.number(kind, unit, "false"),
                    PeopleNoise.numberOr(0, kind, unit, "shift"),
                    PeopleNoise.numberOr(0, kind, unit, "spread"),
                    PeopleNoise.number(kind, unit, "reliability")));
        }
        return List.copyOf(all);
    }

    /** Share of a measure that is still the face's in a view of this quality, 0..1; the rest is a guess. */
    static double kept(double quality) {
        return Math.min(1, BASE + SLOPE * quality);
    }

    private double shown(Display display, boolean talks) {
        return 1 - (1 - present[display.ordinal()]) * (1 - (talks ? opens : 0));
    }

    private static double blurred(double rate, double kept) {
        return kept * rate + (1 - kept) * GUESS;
    }

    /** A value 0..1 of an absolute unit, the difference to the usual of a relative one. */
    double draw(Display display, boolean talks, double kept, SplittableRandom random) {
        boolean shown = random.nextDouble() < shown(display, talks);
        boolean seen = random.nextDouble() < blurred(shown ? hit : stray, kept);
        if (relative) {
            return seen ? shift + spread * random.nextGaussian() : REST + REST_SPREAD * random.nextGaussian();
        }
        if (seen) {
            return 0.5 + 0.5 * (shown ? HIT : FALSE).draw(random);
        }
        return 0.5 * (shown ? MISS : RIGHT).draw(random);
    }

    /** Density of what {@link #draw} gives. */
    double density(double measured, Display display, boolean talks, double kept) {
        double shown = shown(display, talks);
        double hits = blurred(hit, kept);
        double strays = blurred(stray, kept);
        if (relative) {
            double seen = shown * hits + (1 - shown) * strays;
            return seen * Densities.normal(measured, shift, spread)
                    + (1 - seen) * Densities.normal(measured, REST, REST_SPREAD);
        }
        if (measured >= 0.5) {
            double x = 2 * measured - 1;
            return 2 * (shown * hits * HIT.density(x) + (1 - shown) * strays * FALSE.density(x));
        }
        double x = 2 * measured;
        return 2 * (shown * (1 - hits) * MISS.density(x) + (1 - shown) * (1 - strays) * RIGHT.density(x));
    }
}
