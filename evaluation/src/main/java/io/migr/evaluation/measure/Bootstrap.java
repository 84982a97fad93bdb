package io.migr.evaluation.measure;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * Percentile intervals by resampling the measured outcomes with replacement. The same seed gives the same interval.
 *
 * <p>For a single set of outcomes, clips are resampled. The arms of an experiment are trained with several seeds and
 * measured on the same clips, so seeds are resampled first and then clips, with one draw of clips for all seeds and
 * both arms. Clips are thus paired between arms, and the effect of a seed on all clips, or of a hard clip on all seeds,
 * is not treated as noise that averages out (the pigeonhole bootstrap of Owen 2007, conservative). An interval over one
 * seed does not cover other seeds.
 *
 * @param resamples number of resamples, at least 1
 * @param level coverage of the interval, e.g. 0.95
 * @param seed determines the resamples
 */
public record Bootstrap(int resamples, double level, long seed) {
    /** The settings used by reports. */
    public static final Bootstrap USUAL = new Bootstrap(1_000, 0.95, 1);

    public Bootstrap {
        if (resamples < 1 || !(level > 0 && level < 1)) {
            throw new IllegalArgumentException("A bootstrap needs at least one resample and a level between 0 and 1; "
                    + "given " + resamples + " and " + level + ".");
        }
    }

    /** Intervals of metrics over clips; all metrics use the same resamples. */
    public Map<Metric, Interval> intervals(List<Outcome> clips, Perspective view, Collection<Metric> metrics) {
        Map<Metric, double[]> draws = new EnumMap<>(Metric.class);
        metrics.forEach(metric -> draws.put(metric, new double[resamples]));
        SplittableRandom random = new SplittableRandom(seed);
        for (int r = 0; r < resamples; r++) {
            List<Outcome> drawn = drawn(clips, indices(clips.size(), random));
            for (Map.Entry<Metric, double[]> entry : draws.entrySet()) {
                entry.getValue()[r] = entry.getKey().of(drawn, view);
            }
        }
        Map<Metric, Interval> intervals = new EnumMap<>(Metric.class);
        draws.forEach((metric, values) -> intervals.put(metric, interval(metric.of(clips, view), values)));
        return intervals;
    }

    /** The interval of a statistic over clips. */
    public Interval interval(List<Outcome> clips, ToDoubleFunction<List<Outcome>> statistic) {
        return overSeeds(List.of(clips), statistic);
    }

    /**
     * The interval of a statistic of one arm, mean over its seeds.
     *
     * @param seeds outcomes per seed, of the same clips in the same order
     */
    public Interval overSeeds(List<List<Outcome>> seeds, ToDoubleFunction<List<Outcome>> statistic) {
        return hierarchical(List.of(seeds), statistic, means -> means[0]);
    }

    /**
     * The interval of the difference of a statistic, second arm minus first, mean over seeds.
     *
     * @param first outcomes per seed, of the same clips in the same order; both arms have the same seeds in the same
     *     order, and are compared seed by seed
     * @throws IllegalArgumentException if seeds or clips cannot be paired
     */
    public Interval difference(
            List<List<Outcome>> first, List<List<Outcome>> second, ToDoubleFunction<List<Outcome>> statistic) {
        return hierarchical(List.of(first, second), statistic, means -> means[1] - means[0]);
    }

    private Interval hierarchical(
            List<List<List<Outcome>>> arms,
            ToDoubleFunction<List<Outcome>> statistic,
            ToDoubleFunction<double[]> combination) {
        int seeds = arms.get(0).size();
        List<String> clips = names(arms.get(0).get(0));
        for (List<List<Outcome>> arm : arms) {
            if (arm.size() != seeds
                    || arm.stream().anyMatch(outcomes -> !names(outcomes).equals(clips))) {
                throw new IllegalArgumentException("Seeds and arms can only be compared on the same clips in the same "
                        + "order; one arm has " + seeds + " seeds of " + clips.size() + " clips, another "
                        + arm.size() + " seeds of "
                        + arm.stream().map(List::size).toList() + " clips.");
            }
        }
        int[] everySeed = new int[seeds];
        Arrays.setAll(everySeed, s -> s);
        int[] everyClip = new int[clips.size()];
        Arrays.setAll(everyClip, i -> i);
        double value = combination.applyAsDouble(means(arms, statistic, everySeed, everyClip));
        SplittableRandom random = new SplittableRandom(seed);
        int[][] drawnSeeds = new int[resamples][];
        int[][] drawnClips = new int[resamples][];
        for (int r = 0; r < resamples; r++) {
            drawnSeeds[r] = indices(seeds, random);
            drawnClips[r] = indices(clips.size(), random);
        }
        double[] draws = IntStream.range(0, resamples)
                .parallel()
                .mapToDouble(r -> combination.applyAsDouble(means(arms, statistic, drawnSeeds[r], drawnClips[r])))
                .toArray();
        return interval(value, draws);
    }

    private static double[] means(
            List<List<List<Outcome>>> arms, ToDoubleFunction<List<Outcome>> statistic, int[] seeds, int[] clips) {
        double[] means = new double[arms.size()];
        for (int a = 0; a < means.length; a++) {
            double[] perSeed = new double[arms.get(a).size()];
            Arrays.fill(perSeed, Double.NaN);
            for (int s : seeds) {
                if (Double.isNaN(perSeed[s])) {
                    perSeed[s] = statistic.applyAsDouble(drawn(arms.get(a).get(s), clips));
                }
                means[a] += perSeed[s] / seeds.length;
            }
        }
        return means;
    }

    private static List<String> names(List<Outcome> clips) {
        return clips.stream().map(Outcome::clip).toList();
    }

    private static int[] indices(int count, SplittableRandom random) {
        int[] indices = new int[count];
        Arrays.setAll(indices, i -> random.nextInt(count));
        return indices;
    }

    private static List<Outcome> drawn(List<Outcome> clips, int[] indices) {
        List<Outcome> drawn = new ArrayList<>(indices.length);
        for (int index : indices) {
            drawn.add(clips.get(index));
        }
        return drawn;
    }

    /** Percentiles over the resamples for which the statistic has a value. */
    private Interval interval(double value, double[] draws) {
        double[] sorted = Arrays.stream(draws)
                .filter(draw -> !Double.isNaN(draw))
                .sorted()
                .toArray();
        if (sorted.length == 0 || Double.isNaN(value)) {
            return new Interval(value, Double.NaN, Double.NaN);
        }
        return new Interval(value, quantile(sorted, (1 - level) / 2), quantile(sorted, (1 + level) / 2));
    }

    /** Interpolates linearly between order statistics, at position q (n - 1). */
    static double quantile(double[] sorted, double q) {
        double position = q * (sorted.length - 1);
        int below = (int) Math.floor(position);
        int above = Math.min(sorted.length - 1, below + 1);
        return sorted[below] + (position - below) * (sorted[above] - sorted[below]);
    }
}
