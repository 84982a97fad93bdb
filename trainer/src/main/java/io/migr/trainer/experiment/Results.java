package io.migr.trainer.experiment;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.migr.corpus.ClipTruth;
import io.migr.model.Emotion;
import io.migr.model.Explanation.Finish;
import io.migr.model.ExplanationGrammar;
import io.migr.trainer.experiment.Plan.Claim;
import io.migr.trainer.experiment.Plan.Contrast;
import io.migr.trainer.judge.Verifier;
import io.migr.trainer.measure.Bootstrap;
import io.migr.trainer.measure.GrammarReader;
import io.migr.trainer.measure.Interval;
import io.migr.trainer.measure.Metric;
import io.migr.trainer.measure.Outcome;
import io.migr.trainer.measure.OutcomeFile;
import io.migr.trainer.measure.Scores;
import io.migr.trainer.measure.View;
import io.migr.trainer.measure.View.Source;
import io.migr.trainer.reward.Completion;
import io.migr.trainer.reward.Reward;
import io.migr.trainer.reward.SentenceVerifier;
import io.migr.trainer.reward.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What an experiment found, computed from its files, whatever of it has been run. The prediction is the text's own
 * answer; explanations are read by the text judge J1, and once more by the exact reader.
 *
 * @param rows each arm at each temperature, arms without an outcome left out
 * @param differences the plan's contrasts
 * @param curves rewards along practice: arm, name of the reward, mean over seeds per step
 * @param hours of training and reading explanations, per arm, mean over seeds
 * @param ceilings how often an order can be right at best, by what is known: {@code true_cues}, {@code evidence},
 *     {@code evidence_and_label}
 * @param audits of each arm with rewards, at the plan's first temperature
 * @param best the best-rewarded explanations of {@link Plan#closest}
 */
public record Results(
        Plan plan,
        List<Row> rows,
        List<Difference> differences,
        Map<String, Map<String, double[]>> curves,
        Map<String, Double> hours,
        Map<String, Double> ceilings,
        List<Audit> audits,
        List<Rewarded> best) {
    /** The judge of every headline. */
    static final View JUDGED = new View(Source.ANSWER, "text");

    private static final View EXACT = new View(Source.ANSWER, GrammarReader.NAME);
    private static final View CUES = new View(Source.ANSWER, "leading_cues");
    private static final Bootstrap ROUGH = new Bootstrap(300, 0.95, 1);
    private static final int BEST = 10;
    private static final ObjectMapper JSON = new ObjectMapper();

    /** What tables show of an arm. */
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

    /** What plots show of an arm in each regime. */
    public static final List<Metric> SLICED = List.of(Metric.IR, Metric.FIRST_IR, Metric.ORDER, Metric.ANSWER);

    /**
     * An arm at one temperature.
     *
     * @param values mean over seeds, with its interval over seeds and clips
     * @param cueDisagreement IR_CONCAT by the leading cues, above the floor that ideal text has: J2 - floor
     * @param slices per regime
     */
    public record Row(
            String arm,
            double temperature,
            List<Long> seeds,
            Map<Metric, Interval> values,
            double cueDisagreement,
            Map<String, Map<Metric, Interval>> slices) {}

    /**
     * A contrast's outcome, in shares 0..1.
     *
     * @param difference second arm minus first, read by J1
     * @param perSeed the same of each seed
     * @param exact the same by the exact reader; the same number where the metric depends on no reader
     * @param from the first arm's value
     * @param verdict what became of the claim
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
        /** The relative change. */
        public double relative() {
            return difference.value() / from;
        }
    }

    /** What became of a claim. */
    public enum Verdict {
        HELD,
        FAILED,
        WATCHED,
        NOT_RUN
    }

    /** An explanation and what it earned. */
    public record Rewarded(Outcome outcome, long seed, double reward) {}

    /** Computes everything from the files of a run. */
    public static Results of(Plan plan, Path folder) throws IOException {
        List<Row> rows = new ArrayList<>();
        for (double temperature : plan.temperatures()) {
            for (String arm : plan.arms().keySet()) {
                Map<Long, List<Outcome>> outcomes = outcomes(plan, folder, arm, temperature);
                if (!outcomes.isEmpty()) {
                    rows.add(row(arm, temperature, outcomes));
                }
            }
        }
        List<Difference> differences = new ArrayList<>();
        for (Contrast contrast : plan.contrasts()) {
            differences.add(difference(plan, folder, contrast));
        }
        try (Verifier shipped = Verifier.shipped()) {
            SentenceVerifier verifier = remembering(shipped);
            return new Results(
                    plan,
                    rows,
                    differences,
                    curves(plan, folder),
                    hours(plan, folder),
                    ceilings(folder),
                    audits(plan, folder, verifier),
                    best(plan, folder, verifier));
        }
    }

    private static Map<Long, List<Outcome>> outcomes(Plan plan, Path folder, String arm, double temperature)
            throws IOException {
        Map<Long, List<Outcome>> outcomes = new TreeMap<>();
        for (long seed : plan.seeds()) {
            Path file = Experiment.outcomes(folder, arm, seed, temperature);
            if (Files.exists(file)) {
                outcomes.put(seed, OutcomeFile.read(file));
            }
        }
        return outcomes;
    }

    /** Two arms are compared on the seeds that both have. */
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

    private static double mean(List<List<Outcome>> seeds, Metric metric, View view) {
        return seeds.stream()
                .mapToDouble(clips -> metric.of(clips, view))
                .average()
                .orElse(Double.NaN);
    }

    private static Difference difference(Plan plan, Path folder, Contrast contrast) throws IOException {
        Map<Long, List<Outcome>> from = outcomes(plan, folder, contrast.from(), contrast.temperature());
        Map<Long, List<Outcome>> to = outcomes(plan, folder, contrast.to(), contrast.temperature());
        keepShared(from, to);
        Interval nothing = new Interval(Double.NaN, Double.NaN, Double.NaN);
        if (from.isEmpty()) {
            return new Difference(
                    contrast, List.of(), Double.NaN, Double.NaN, nothing, List.of(), nothing, Verdict.NOT_RUN);
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

    /** A claim holds where it holds under both readers. */
    private static Verdict verdict(Claim claim, double from, Interval judged, Interval exact) {
        if (claim == null) {
            return Verdict.WATCHED;
        }
        return claim.holds(from, judged) && claim.holds(from, exact) ? Verdict.HELD : Verdict.FAILED;
    }

    private static Map<String, Map<String, double[]>> curves(Plan plan, Path folder) throws IOException {
        Map<String, Map<String, double[]>> curves = new LinkedHashMap<>();
        int steps = plan.practice().steps();
        for (long seed : plan.seeds()) {
            Path journal = folder.resolve("runs").resolve(String.valueOf(seed)).resolve("metrics.jsonl");
            for (JsonNode line : lines(journal)) {
                Plan.Arm arm = plan.arms().get(line.path("stage").asText());
                int step = line.path("step").asInt();
                if (arm != null && arm.from() != null && step >= 1 && step <= steps) {
                    line.properties().forEach(part -> {
                        if (part.getKey().matches("rewards/.*/mean|kl")) {
                            String name = part.getKey().replaceAll("rewards/|/mean", "");
                            double[] sums = curves.computeIfAbsent(
                                            line.path("stage").asText(), one -> new LinkedHashMap<>())
                                    .computeIfAbsent(name, one -> new double[2 * steps]);
                            sums[step - 1] += part.getValue().asDouble();
                            sums[steps + step - 1] += 1;
                        }
                    });
                }
            }
        }
        curves.values().forEach(parts -> parts.replaceAll((name, sums) -> means(sums)));
        return curves;
    }

    /** From sums and then counts to means, as far as there are any. */
    private static double[] means(double[] sums) {
        int steps = sums.length / 2;
        int done = 0;
        while (done < steps && sums[steps + done] > 0) {
            done++;
        }
        double[] means = new double[done];
        for (int i = 0; i < done; i++) {
            means[i] = sums[i] / sums[steps + i];
        }
        return means;
    }

    private static Map<String, Double> hours(Plan plan, Path folder) throws IOException {
        Map<String, Double> hours = new LinkedHashMap<>();
        for (long seed : plan.seeds()) {
            Path costs = folder.resolve("runs").resolve(String.valueOf(seed)).resolve("cost.jsonl");
            for (JsonNode line : lines(costs)) {
                hours.merge(line.path("arm").asText(), line.path("seconds").asDouble() / 3600, Double::sum);
            }
        }
        hours.keySet().retainAll(plan.arms().keySet());
        return hours;
    }

    private static Map<String, Double> ceilings(Path folder) throws IOException {
        Map<String, Double> ceilings = new LinkedHashMap<>();
        Path file = folder.resolve("ceilings.json");
        if (Files.exists(file)) {
            JSON.readTree(Files.readString(file))
                    .properties()
                    .forEach(one -> ceilings.put(one.getKey(), one.getValue().asDouble()));
        }
        return ceilings;
    }

    private static List<JsonNode> lines(Path file) throws IOException {
        List<JsonNode> lines = new ArrayList<>();
        if (Files.exists(file)) {
            for (String line : Files.readAllLines(file)) {
                lines.add(JSON.readTree(line));
            }
        }
        return lines;
    }

    /** A verifier that reads each sentence once: explanations have few different ones. */
    private static SentenceVerifier remembering(SentenceVerifier verifier) {
        Map<String, Set<Emotion>> known = new HashMap<>();
        return sentences -> {
            List<String> fresh = sentences.stream()
                    .filter(sentence -> !known.containsKey(sentence))
                    .distinct()
                    .toList();
            List<Set<Emotion>> read = fresh.isEmpty() ? List.of() : verifier.emotions(fresh);
            for (int i = 0; i < fresh.size(); i++) {
                known.put(fresh.get(i), read.get(i));
            }
            return sentences.stream().map(known::get).toList();
        };
    }

    private static List<Audit> audits(Plan plan, Path folder, SentenceVerifier verifier) throws IOException {
        List<Audit> audits = new ArrayList<>();
        double temperature = plan.temperatures().get(0);
        for (Map.Entry<String, Plan.Arm> arm : plan.arms().entrySet()) {
            String from = arm.getValue().from();
            if (from == null) {
                continue;
            }
            Map<Long, List<Outcome>> after = outcomes(plan, folder, arm.getKey(), temperature);
            Map<Long, List<Outcome>> before = outcomes(plan, folder, from, temperature);
            keepShared(before, after);
            if (!after.isEmpty()) {
                audits.add(new Audit(
                        arm.getKey(),
                        from,
                        List.copyOf(after.keySet()),
                        Audit.of(before.values(), verifier),
                        Audit.of(after.values(), verifier)));
            }
        }
        return audits;
    }

    private static List<Rewarded> best(Plan plan, Path folder, SentenceVerifier verifier) throws IOException {
        String arm = plan.closest();
        if (arm == null) {
            return List.of();
        }
        double warmest = plan.temperatures().stream().mapToDouble(t -> t).max().orElseThrow();
        List<Reward> rewards = plan.arms().get(arm).rewards().with(verifier);
        List<Rewarded> all = new ArrayList<>();
        for (Map.Entry<Long, List<Outcome>> seed :
                outcomes(plan, folder, arm, warmest).entrySet()) {
            for (Outcome outcome : seed.getValue()) {
                all.add(new Rewarded(outcome, seed.getKey(), reward(outcome, rewards)));
            }
        }
        // of equals the longest: what is said too much shows there
        return all.stream()
                .sorted(Comparator.comparingDouble(Rewarded::reward)
                        .thenComparingInt(one -> one.outcome().told().tokens())
                        .reversed())
                .limit(BEST)
                .toList();
    }

    private static double reward(Outcome outcome, List<Reward> rewards) {
        Target target = target(outcome);
        Completion said = completion(outcome);
        return rewards.stream().mapToDouble(reward -> reward.of(target, said)).sum();
    }

    /** What rewards ask of an outcome's clip. */
    static Target target(Outcome outcome) {
        ClipTruth truth = ClipTruth.of(Long.parseLong(outcome.clip()));
        return Target.of(truth, truth.oracle(), Emotion.DFEW);
    }

    /** The text of an outcome as rewards read it. */
    static Completion completion(Outcome outcome) {
        String text = outcome.told().text();
        return new Completion(text, ExplanationGrammar.parse(text, Emotion.DFEW, Finish.STOP));
    }
}
