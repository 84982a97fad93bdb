package io.migr.lab.experiment;

import io.migr.evaluation.measure.Bootstrap;
import io.migr.evaluation.measure.Interval;
import io.migr.evaluation.measure.Metric;
import io.migr.evaluation.measure.Outcome;
import io.migr.evaluation.measure.Perspective;
import io.migr.evaluation.measure.Perspective.Source;
import io.migr.evaluation.measure.Scores;
import io.migr.evaluation.readers.GrammarReader;
import io.migr.lab.experiment.Plan.Claim;
import io.migr.lab.experiment.Plan.Contrast;
import io.migr.model.verify.SentenceVerifier;
import io.migr.model.verify.Verifier;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The results of an experiment, computed from the files of all parts run so far. The prediction is the text's own
 * answer; explanations are read by the text judge J1, and also by the exact reader.
 *
 * @param rows each arm at each temperature, without arms that have no outcome
 * @param differences the results of the plan's contrasts
 * @param curves rewards during practice: by arm and name of the reward, the mean over seeds per step
 * @param hours hours of training and evaluation per arm, summed over seeds
 * @param ceilings highest possible order accuracy, by what the order is chosen from: {@code true_cues},
 *     {@code evidence}, {@code evidence_and_label}
 * @param audits audit of each arm with rewards, at the plan's first temperature
 * @param best the best-rewarded explanations of {@link Plan#featuredArm}
 */
public record ExperimentResults(
        Plan plan,
        List<Row> rows,
        List<Difference> differences,
        Map<String, Map<String, double[]>> curves,
        Map<String, Double> hours,
        Map<String, Double> ceilings,
        List<HabitAudit> audits,
        List<Rewarded> best) {
    /** How all main results are measured: against the text's own answer, with explanations read by J1. */
    static final Perspective JUDGED = new Perspective(Source.ANSWER, "text");

    private static final Perspective EXACT = new Perspective(Source.ANSWER, GrammarReader.NAME);
    private static final Perspective CUES = new Perspective(Source.ANSWER, "leading_cues");
    private static final Bootstrap ROUGH = new Bootstrap(300, 0.95, 1);

    /** The metrics of an arm shown in tables. */
    public static final List<Metric> TABLE = List.of(
            Metric.ANSWER,
            Metric.UAR,
            Metric.IR,
            Metric.FIRST_IR,
            Metric.CONTRADICTION,
            Metric.IR_CONCAT,
            Metric.ORDER,
            Metric.HALLUCINATED,
            Metric.CUE_RECALL,
            Metric.CLAIMS,
            Metric.FORMAT,
            Metric.TOKENS);

    /** The metrics of an arm shown in plots per regime. */
    public static final List<Metric> SLICED = List.of(Metric.IR, Metric.FIRST_IR, Metric.ORDER, Metric.ANSWER);

    /**
     * An arm at one temperature.
     *
     * @param values mean over seeds, with its interval over seeds and clips
     * @param cueDisagreement IR_CONCAT by the leading cues minus that of ideal text: J2 - floor
     * @param slices per regime
     */
    public record Row(
            String arm,
            double temperature,
            List<Long> seeds,
            Map<Metric, Interval> values,
            double cueDisagreement,
            Map<String, Map<Metric, Interval>> slices) {}

    /** The result of a contrast, in shares 0..1.
     *
     * @param difference second arm minus first, read by J1
     * @param perSeed the same for each seed
     * @param exact the same by the exact reader; equal to {@code difference} if the metric does not depend on the
     *     reader
     * @param from the first arm's value
     * @param verdict whether the claim held
     */
    public record Difference(
            Contrast contrast,
            List<Long> seeds,
            double from,
            double to,
            Interval difference,
            List<Double> perSeed,
            Interval exact,
            Verdict verdict) {
        /** The change relative to the first arm. */
        public double relative() {
            return difference.value() / from;
        }
    }

    /** Whether a contrast's claim held; WATCHED if it has no claim, NOT_RUN if an arm has no outcomes yet. */
    public enum Verdict {
        HELD,
        FAILED,
        WATCHED,
        NOT_RUN
    }

    /** An explanation and its total reward. */
    public record Rewarded(Outcome outcome, long seed, double reward) {}

    /** Computes all results from the files of a run. */
    public static ExperimentResults of(Plan plan, Path folder) throws IOException {
        RunFolder run = new RunFolder(plan, folder);
        List<Row> rows = new ArrayList<>();
        for (double temperature : plan.temperatures()) {
            for (String arm : plan.arms().keySet()) {
                Map<Long, List<Outcome>> outcomes = run.outcomes(arm, temperature);
                if (!outcomes.isEmpty()) {
                    rows.add(row(arm, temperature, outcomes));
                }
            }
        }
        List<Difference> differences = new ArrayList<>();
        for (Contrast contrast : plan.contrasts()) {
            differences.add(difference(run, contrast));
        }
        try (Verifier shipped = Verifier.shipped()) {
            SentenceVerifier verifier = OutcomeRewards.cached(shipped);
            return new ExperimentResults(
                    plan,
                    rows,
                    differences,
                    run.curves(),
                    run.hours(),
                    run.ceilings(),
                    audits(run, verifier),
                    OutcomeRewards.best(run, verifier));
        }
    }

    /** Keeps only the seeds that both arms have. */
    private static void keepShared(Map<Long, List<Outcome>> from, Map<Long, List<Outcome>> to) {
        from.keySet().retainAll(to.keySet());
        to.keySet().retainAll(from.keySet());
    }

    private static Row row(String arm, double temperature, Map<Long, List<Outcome>> outcomes) {
        List<List<Outcome>> seeds = List.copyOf(outcomes.values());
        Map<String, Map<Metric, Interval>> slices = new TreeMap<>();
        for (String slice : Scores.slices(seeds.get(0)).keySet()) {
            List<List<Outcome>> members = seeds.stream()
                    .map(all -> all.stream()
                            .filter(outcome -> outcome.slice().equals(slice))
                            .toList())
                    .toList();
            slices.put(slice, intervals(members, SLICED));
        }
        double found = mean(seeds, Metric.IR_CONCAT, CUES);
        double floor = mean(seeds, Metric.REFERENCE_IR, CUES);
        return new Row(
                arm, temperature, List.copyOf(outcomes.keySet()), intervals(seeds, TABLE), found - floor, slices);
    }

    private static Map<Metric, Interval> intervals(List<List<Outcome>> seeds, List<Metric> metrics) {
        Map<Metric, Interval> values = new EnumMap<>(Metric.class);
        metrics.forEach(metric -> values.put(metric, ROUGH.overSeeds(seeds, clips -> metric.of(clips, JUDGED))));
        return values;
    }

    private static double mean(List<List<Outcome>> seeds, Metric metric, Perspective view) {
        return seeds.stream()
                .mapToDouble(clips -> metric.of(clips, view))
                .average()
                .orElse(Double.NaN);
    }

    private static Difference difference(RunFolder run, Contrast contrast) throws IOException {
        Map<Long, List<Outcome>> from = run.outcomes(contrast.from(), contrast.temperature());
        Map<Long, List<Outcome>> to = run.outcomes(contrast.to(), contrast.temperature());
        keepShared(from, to);
        Interval undefined = new Interval(Double.NaN, Double.NaN, Double.NaN);
        if (from.isEmpty()) {
            return new Difference(
                    contrast, List.of(), Double.NaN, Double.NaN, undefined, List.of(), undefined, Verdict.NOT_RUN);
        }
        Metric metric = contrast.measured();
        List<List<Outcome>> first = List.copyOf(from.values());
        List<List<Outcome>> second = List.copyOf(to.values());
        List<Double> perSeed = new ArrayList<>();
        for (int s = 0; s < first.size(); s++) {
            perSeed.add(metric.of(second.get(s), JUDGED) - metric.of(first.get(s), JUDGED));
        }
        Interval judged = Bootstrap.USUAL.difference(first, second, clips -> metric.of(clips, JUDGED));
        Interval exact = metric.depends() == Metric.Depends.ON_READER || metric.depends() == Metric.Depends.ON_BOTH
                ? Bootstrap.USUAL.difference(first, second, clips -> metric.of(clips, EXACT))
                : judged;
        double start = mean(first, metric, JUDGED);
        return new Difference(
                contrast,
                List.copyOf(from.keySet()),
                start,
                mean(second, metric, JUDGED),
                judged,
                perSeed,
                exact,
                verdict(contrast.claim(), start, judged, exact));
    }

    /** A claim holds if it holds under both readers. */
    private static Verdict verdict(Claim claim, double from, Interval judged, Interval exact) {
        if (claim == null) {
            return Verdict.WATCHED;
        }
        return claim.holds(from, judged) && claim.holds(from, exact) ? Verdict.HELD : Verdict.FAILED;
    }

    private static List<HabitAudit> audits(RunFolder run, SentenceVerifier verifier) throws IOException {
        List<HabitAudit> audits = new ArrayList<>();
        double temperature = run.plan().temperatures().get(0);
        for (Map.Entry<String, Plan.Arm> arm : run.plan().arms().entrySet()) {
            String from = arm.getValue().from();
            if (from == null) {
                continue;
            }
            Map<Long, List<Outcome>> after = run.outcomes(arm.getKey(), temperature);
            Map<Long, List<Outcome>> before = run.outcomes(from, temperature);
            keepShared(before, after);
            if (!after.isEmpty()) {
                audits.add(new HabitAudit(
                        arm.getKey(),
                        from,
                        List.copyOf(after.keySet()),
                        HabitAudit.of(before.values(), verifier),
                        HabitAudit.of(after.values(), verifier)));
            }
        }
        return audits;
    }
}
