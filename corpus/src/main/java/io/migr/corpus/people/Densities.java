package io.migr.corpus.people;

import java.util.SplittableRandom;

/** Draws and densities of the distributions that measures are drawn from. */
final class Densities {
    private Densities() {}

    /** An index drawn with these probabilities, which sum to 1. */
    static int index(double[] probabilities, SplittableRandom random) {
        double draw = random.nextDouble();
        for (int i = 0; i < probabilities.length - 1; i++) {
            draw -= probabilities[i];
            if (draw < 0) {
                return i;
            }
        }
        return probabilities.length - 1;
    }

    /** Density of a normal distribution. */
    static double normal(double x, double mean, double deviation) {
        double z = (x - mean) / deviation;
        return Math.exp(-0.5 * z * z) / (deviation * Math.sqrt(2 * Math.PI));
    }

    /** Marsaglia and Tsang 2000; for shapes below 1 with their boost. */
    static double gamma(double shape, SplittableRandom random) {
        if (shape < 1) {
            return gamma(shape + 1, random) * Math.pow(random.nextDouble(), 1 / shape);
        }
        double d = shape - 1.0 / 3;
        double c = 1 / Math.sqrt(9 * d);
        while (true) {
            double x = random.nextGaussian();
            double v = Math.pow(1 + c * x, 3);
            if (v > 0 && Math.log(random.nextDouble()) < 0.5 * x * x + d - d * v + d * Math.log(v)) {
                return d * v;
            }
        }
    }

    /** log of the gamma function by Stirling's series from x + 7. */
    static double logGamma(double x) {
        double shift = 0;
        double at = x;
        while (at < 7) {
            shift -= Math.log(at++);
        }
        double square = 1 / (at * at);
        return shift
                + (at - 0.5) * Math.log(at)
                - at
                + 0.5 * Math.log(2 * Math.PI)
                + (1.0 / 12 - square * (1.0 / 360 - square / 1260)) / at;
    }

    /** A distribution over 0..1 with density x^(a - 1) (1 - x)^(b - 1) / B(a, b). */
    record Beta(double a, double b, double logNorm) {
        /** Nearer to 0 or 1 a value is taken as this near. */
        private static final double EDGE = 0.01;

        static Beta of(double[] parameters) {
            double a = parameters[0];
            double b = parameters[1];
            return new Beta(a, b, logGamma(a + b) - logGamma(a) - logGamma(b));
        }

        double draw(SplittableRandom random) {
            double x = gamma(a, random);
            return x / (x + gamma(b, random));
        }

        double density(double x) {
            double inside = Math.max(EDGE, Math.min(1 - EDGE, x));
            return Math.exp(logNorm + (a - 1) * Math.log(inside) + (b - 1) * Math.log(1 - inside));
        }
    }

    /** log(sum of exp). */
    static double logSum(double[] logs) {
        double highest = Double.NEGATIVE_INFINITY;
        for (double log : logs) {
            highest = Math.max(highest, log);
        }
        double sum = 0;
        for (double log : logs) {
            sum += Math.exp(log - highest);
        }
        return highest + Math.log(sum);
    }
}
