package io.migr.evaluation.promotion;

import io.migr.evaluation.measure.Bootstrap;
import io.migr.evaluation.measure.Interval;
import io.migr.evaluation.measure.Metric;
import io.migr.evaluation.measure.Outcome;
import io.migr.evaluation.measure.Perspective;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * The promotion gate: a candidate is promoted if no watched metric gets worse beyond chance on any set, and accuracy,
 * recall or inconsistency gets better beyond chance on at least one. A difference is candidate minus live over the same
 * clips; it is beyond chance if its 95 % interval by paired bootstrap ({@link Bootstrap#difference}) excludes zero. A
 * metric that can't be measured on a set, such as the order on recordings whose truth is unknown, does not count there.
 *
 * <p>Inconsistency is compared on the clips that both models predict correctly. Its denominator is the number of
 * correct predictions, so over all clips a candidate that gets additional hard clips right would be penalised for
 * explanations that do not count for the live model, and a candidate that loses hard clips would be rewarded.
 *
 * <p>Few labels move probabilities before they move predictions. On the sets for which the caller asks, the log-loss
 * counts too: a rise beyond chance is a loss, and a fall beyond chance is a gain, which is then enough if accuracy,
 * recall and calibration error are not worse beyond chance. The calibration error alone is never a gain, because few
 * clips overestimate it.
 *
 * @param bootstrap settings of the intervals
 */
public record PromotionGate(Bootstrap bootstrap) {
    /** Metrics that must not get worse: accuracy, recall of rare emotions, faithfulness, order, calibration. */
    public static final List<Metric> WATCHED = List.of(Metric.WAR, Metric.UAR, Metric.IR, Metric.ORDER, Metric.ECE);

    /** Metrics of which a gain is enough for promotion: correct predictions, or consistent explanations of them. */
    public static final List<Metric> GAINS = List.of(Metric.WAR, Metric.UAR, Metric.IR);

    private static final int FEWEST = 20;

    /** The outcomes of both models on the same clips in the same order. */
    public record Pair(List<Outcome> live, List<Outcome> candidate) {
        public Pair {
            live = List.copyOf(live);
            candidate = List.copyOf(candidate);
        }

        /** The clips that both models predict correctly. */
        Pair bothRight() {
            List<Outcome> liveRight = new ArrayList<>();
            List<Outcome> candidateRight = new ArrayList<>();
            for (int i = 0; i < Math.min(live.size(), candidate.size()); i++) {
                if (Perspective.SERVED.right(live.get(i)) && Perspective.SERVED.right(candidate.get(i))) {
                    liveRight.add(live.get(i));
                    candidateRight.add(candidate.get(i));
                }
            }
            return new Pair(liveRight, candidateRight);
        }
    }

    /** The change of one metric on one set, candidate minus live. */
    public record Finding(String set, Metric metric, double live, double candidate, Interval difference) {
        boolean measured() {
            return !Double.isNaN(difference.value());
        }

        /** Whether the candidate is worse beyond chance. */
        public boolean lost() {
            return difference.excludesZero() && better(difference.value()) < 0;
        }

        boolean gained() {
            return difference.excludesZero() && better(difference.value()) > 0;
        }

        boolean canGain() {
            return GAINS.contains(metric) || metric == Metric.LOG_LOSS;
        }

        private double better(double value) {
            return metric.better() == Metric.Better.LOWER ? -value : value;
        }

        @Override
        public String toString() {
            return String.format(
                    Locale.ROOT,
                    "%s of %s%s %s -> %s (%s [%s, %s])",
                    metric.key(),
                    set,
                    metric == Metric.IR ? ", where both are right," : "",
                    metric.text(live),
                    metric.text(candidate),
                    metric.change(difference.value()),
                    metric.change(difference.low()),
                    metric.change(difference.high()));
        }
    }

    /**
     * The verdict.
     *
     * @param promoted whether the candidate is promoted
     * @param why the reason, with the numbers that were decisive
     * @param findings everything that was measured
     */
    public record Verdict(boolean promoted, String why, List<Finding> findings) {}

    /** Decides on a candidate.
     *
     * @param sets by name, e.g. {@code corpus} and {@code feedback}; a set of fewer than {@value #FEWEST} clips is left
     *     out, because its intervals mean little
     * @throws IllegalArgumentException if no set is large enough
     */
    public Verdict judge(Map<String, Pair> sets) {
        return judge(sets, Set.of());
    }

    /**
     * As {@link #judge(Map)}, with the log-loss.
     *
     * @param likelihoods names of the sets on which the log-loss counts too
     */
    public Verdict judge(Map<String, Pair> sets, Set<String> likelihoods) {
        List<Finding> findings = new ArrayList<>();
        List<String> small = new ArrayList<>();
        sets.forEach((name, pair) -> {
            if (pair.live().size() < FEWEST) {
                small.add(name + " has " + pair.live().size() + " clips, too few to count");
            } else {
                WATCHED.forEach(metric -> findings.add(finding(name, pair, metric)));
                if (likelihoods.contains(name)) {
                    findings.add(finding(name, pair, Metric.LOG_LOSS));
                }
            }
        });
        if (findings.isEmpty()) {
            throw new IllegalArgumentException("No set has at least " + FEWEST + " clips: " + String.join("; ", small)
                    + ". Nothing can be decided from them.");
        }
        List<String> lost = named(findings.stream().filter(Finding::lost).toList());
        List<String> gained = named(
                findings.stream().filter(one -> one.canGain() && one.gained()).toList());
        boolean promoted = lost.isEmpty() && !gained.isEmpty();
        String why = !lost.isEmpty()
                ? "lost beyond chance: " + String.join("; ", lost)
                : gained.isEmpty()
                        ? "nothing gained beyond chance: " + String.join("; ", best(findings))
                        : "gained beyond chance: " + String.join("; ", gained) + "; lost nothing beyond chance";
        return new Verdict(
                promoted, small.isEmpty() ? why : why + ". " + String.join("; ", small), List.copyOf(findings));
    }

    private static List<String> named(List<Finding> findings) {
        return findings.stream().map(Finding::toString).toList();
    }

    private static List<String> best(List<Finding> findings) {
        return named(
                findings.stream().filter(one -> one.canGain() && one.measured()).toList());
    }

    private Finding finding(String set, Pair all, Metric metric) {
        Pair pair = metric == Metric.IR ? all.bothRight() : all;
        double live = metric.of(pair.live(), Perspective.SERVED);
        double candidate = metric.of(pair.candidate(), Perspective.SERVED);
        Interval difference = pair.live().isEmpty()
                ? new Interval(Double.NaN, Double.NaN, Double.NaN)
                : bootstrap.difference(
                        List.of(pair.live()), List.of(pair.candidate()), clips -> metric.of(clips, Perspective.SERVED));
        return new Finding(set, metric, live, candidate, difference);
    }
}
