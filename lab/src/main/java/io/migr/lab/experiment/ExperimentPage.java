package io.migr.lab.experiment;

import io.migr.evaluation.measure.Interval;
import io.migr.evaluation.measure.Metric;
import io.migr.evaluation.measure.Outcome;
import io.migr.evaluation.report.ExplanationExamples;
import io.migr.evaluation.report.Html;
import io.migr.evaluation.report.IntervalPlot;
import io.migr.evaluation.report.LinePlot;
import io.migr.evaluation.report.Page;
import io.migr.lab.experiment.ExperimentResults.Difference;
import io.migr.lab.experiment.ExperimentResults.Rewarded;
import io.migr.lab.experiment.ExperimentResults.Row;
import io.migr.lab.experiment.ExperimentResults.Verdict;
import io.migr.lab.experiment.HabitAudit.Shares;
import io.migr.lab.experiment.Plan.Contrast;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Writes the results of an experiment as one self-contained HTML page: claims first, then everything that was measured.
 */
public final class ExperimentPage {
    private final ExperimentResults results;
    private final Plan plan;
    private final Page page;

    private ExperimentPage(ExperimentResults results) {
        this.results = results;
        plan = results.plan();
        page = new Page(plan.name());
    }

    /** The page as HTML. */
    public static String of(ExperimentResults results) {
        return new ExperimentPage(results).html();
    }

    private String html() {
        opening();
        differences(
                "Claims and results",
                "Written into the plan before the first run. Intervals are 95&nbsp;%, resampled over seeds, then clips; "
                        + "\"per seed\" lists the difference of each seed. A claim counts as held if it holds both by the text "
                        + "judge, which is not the verifier used in rewards, and by the exact reader.",
                true);
        differences("Watched without a claim", "The same differences for contrasts without a claim.", false);
        for (double temperature : plan.temperatures()) {
            arms(temperature);
        }
        ceilings();
        regimes();
        curves();
        audits();
        cost();
        best();
        return page.end();
    }

    private void opening() {
        long held = count(Verdict.HELD);
        long failed = count(Verdict.FAILED);
        long open = count(Verdict.NOT_RUN);
        List<Long> seeds = results.rows().stream()
                .flatMap(row -> row.seeds().stream())
                .distinct()
                .sorted()
                .toList();
        page.add("<h1>" + Html.escape(plan.name()) + "</h1>");
        page.add("<p class=\"lead\">" + held + " claims held, " + failed + " failed"
                + (open == 0 ? "" : ", " + open + " contrasts not run yet") + ".</p>");
        page.add("<dl class=\"facts\">"
                + fact("seeds", seeds.size() + " of " + plan.seeds().size() + " planned")
                + fact("arms", String.valueOf(plan.arms().size()))
                + fact("test clips", String.valueOf(plan.clips().test()))
                + fact(
                        "supervised",
                        plan.supervised().steps() + " steps of "
                                + plan.supervised().clips() + " clips, "
                                + plan.supervised().texts() + " texts each")
                + fact(
                        "practice",
                        plan.practice().steps() + " steps of " + plan.practice().clips() + " clips, groups of "
                                + plan.practice().group())
                + fact(
                        "noise",
                        "face " + plan.perception().visualNoise() + ", voice "
                                + plan.perception().audioNoise())
                + "</dl>");
        if (seeds.size() < 5) {
            page.add("<p class=\"note\">Fewer than five seeds: an interval over " + seeds.size()
                    + " says little about others.</p>");
        }
        page.add(
                "<p>Clips are procedural: faces and voices whose truth is known, encoded by the shipped towers and made coarser "
                        + "and noisier so that the first arm is right about as often as published models are. All arms of a seed "
                        + "start from the same fresh decoder and see the same clips and the same noise. Primacy below 1 is an "
                        + "assumption about annotators that the texts contain; what follows from it is a property of such texts, not "
                        + "of people. The prediction is the text's own answer.</p>");
    }

    private long count(Verdict verdict) {
        return results.differences().stream()
                .filter(one -> one.verdict() == verdict)
                .count();
    }

    private static String fact(String name, String value) {
        return "<div><dt>" + name + "</dt><dd>" + Html.escape(value) + "</dd></div>";
    }

    private void differences(String title, String words, boolean claimed) {
        List<Difference> some = results.differences().stream()
                .filter(one -> (one.contrast().claim() != null) == claimed)
                .toList();
        if (some.isEmpty()) {
            return;
        }
        page.section(title, words);
        List<String> heads = new ArrayList<>(
                List.of("", "arms", "from", "to", "difference, points", "exact reader", "relative", "per seed"));
        if (claimed) {
            heads.add("verdict");
        }
        Html.Table table = new Html.Table(heads);
        for (Difference one : some) {
            Contrast contrast = one.contrast();
            Metric metric = contrast.measured();
            String name = "<b>" + Html.escape(contrast.name()) + "</b>"
                    + (claimed ? ": " + Html.escape(contrast.claim().words()) : "") + "<code>" + metric.key()
                    + (contrast.temperature() == 0 ? "" : " at " + contrast.temperature()) + "</code>";
            List<String> cells = new ArrayList<>(List.of(
                    Html.escape(contrast.from() + " → " + contrast.to()),
                    metric.text(one.from()),
                    metric.text(one.to()),
                    points(one.difference()),
                    points(one.exact()),
                    Double.isNaN(one.from()) || one.from() == 0
                            ? "–"
                            : String.format(Locale.ROOT, "%+.0f %%", 100 * one.relative()),
                    one.perSeed().stream().map(ExperimentPage::signed).collect(Collectors.joining(" / "))));
            if (claimed) {
                cells.add(verdict(one.verdict()));
            }
            table.row(name, cells);
        }
        page.add(table.end());
    }

    private static String verdict(Verdict verdict) {
        return switch (verdict) {
            case HELD -> "<b class=\"s2\">held</b>";
            case FAILED -> "<b class=\"s1\">failed</b>";
            case WATCHED -> "";
            case NOT_RUN -> "not run";
        };
    }

    private static String points(Interval interval) {
        return Double.isNaN(interval.value())
                ? "–"
                : signed(interval.value()) + "<small>" + signed(interval.low()) + " to " + signed(interval.high())
                        + "</small>";
    }

    private static String signed(double share) {
        return String.format(Locale.ROOT, "%+.1f", 100 * share);
    }

    private void ceilings() {
        if (results.ceilings().isEmpty()) {
            return;
        }
        page.section(
                "How often an order can be right",
                "Of test clips of which one modality leads: the share on which the right one would come first if the order were "
                        + "chosen from the true cues, as well as possible; from the evidence that decoders see, by the shipped "
                        + "model's evidence heads; and by these if they knew the label, as in training.");
        Html.Table table = new Html.Table(List.of("chosen from", "%"));
        results.ceilings()
                .forEach((known, share) -> table.row(known.replace('_', ' '), List.of(Metric.ORDER.text(share))));
        page.add(table.end());
    }

    private void arms(double temperature) {
        page.section(
                temperature == 0 ? "All arms, decoded greedily" : "All arms, decoded at temperature " + temperature,
                "Percent, but for counts; small: 95&nbsp;% over seeds and clips. Cue disagreement: how much more often than "
                        + "in ideal text the claimed cues of the leading modality speak for another emotion.");
        List<String> heads = new ArrayList<>(List.of("arm"));
        ExperimentResults.TABLE.forEach(metric -> heads.add("<span title=\"" + Html.escape(metric.words()) + "\">"
                + metric.key().replace('_', ' ') + "</span>"));
        heads.add("cue disagreement");
        Html.Table table = new Html.Table(heads);
        for (Row row : results.rows()) {
            if (row.temperature() == temperature) {
                List<String> cells = new ArrayList<>();
                ExperimentResults.TABLE.forEach(
                        metric -> cells.add(cell(metric, row.values().get(metric))));
                cells.add(signed(row.cueDisagreement()));
                table.row(
                        "<b>" + Html.escape(row.arm()) + "</b><code>"
                                + Html.escape(plan.arms().get(row.arm()).what()) + "</code>",
                        cells);
            }
        }
        page.add(table.end());
    }

    private static String cell(Metric metric, Interval interval) {
        return Double.isNaN(interval.value())
                ? "–"
                : metric.text(interval.value()) + "<small>" + metric.text(interval.low()) + " – "
                        + metric.text(interval.high()) + "</small>";
    }

    private List<Row> shown() {
        return plan.shown().stream()
                .flatMap(arm -> results.rows().stream()
                        .filter(row -> row.arm().equals(arm)
                                && row.temperature() == plan.temperatures().get(0)))
                .toList();
    }

    private void regimes() {
        List<Row> rows = shown();
        if (rows.isEmpty()) {
            return;
        }
        page.section(
                "Where it happens",
                "An effect of order must appear where the order changes: on clips whose voice leads. Visual-dominant clips "
                        + "start with the face in MI order as in the fixed one.");
        List<String> regimes = List.copyOf(rows.get(0).slices().keySet());
        for (Metric metric : ExperimentResults.SLICED) {
            List<IntervalPlot.Series> series = rows.stream()
                    .map(row -> new IntervalPlot.Series(
                            row.arm(),
                            regimes.stream()
                                    .map(regime -> row.slices().get(regime).get(metric))
                                    .toList()))
                    .toList();
            page.add(Html.figure(
                    Html.escape(metric.words()) + ", by regime and arm.",
                    IntervalPlot.of(metric.key(), regimes, series)));
        }
    }

    private void curves() {
        String arm = plan.featuredArm();
        List<LinePlot.Series> series = new ArrayList<>();
        results.curves().getOrDefault(arm, Map.of()).forEach((name, values) -> {
            if (!name.equals("kl") && values.length > 0) {
                series.add(curve(name, values));
            }
        });
        if (series.isEmpty()) {
            return;
        }
        page.section(
                "Rewards while " + arm + " practises",
                "Mean over seeds and samples of a step, at temperature 1, smoothed over ten steps.");
        page.add(Html.figure(
                "Each reward is between 0 and 1; the total is their sum.",
                LinePlot.of("rewards of " + arm, "steps", "reward", series)));
    }

    private static LinePlot.Series curve(String name, double[] values) {
        double[] x = new double[values.length];
        double[] y = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            x[i] = i + 1;
            int from = Math.max(0, i - 9);
            y[i] = Math.max(0, Arrays.stream(values, from, i + 1).average().orElseThrow());
        }
        return new LinePlot.Series(name, x, y, null);
    }

    private void audits() {
        if (results.audits().isEmpty()) {
            return;
        }
        page.section(
                "Side effects of rewards",
                "Percent before practice and after, decoded as in the first table. Repeats: explanations that state a sentence or "
                        + "a cue twice. Unsupported: blocks about a present face or voice whose own cues do not support an emotion "
                        + "that they assert. Denied: present faces and voices that the text says are absent. Invented: absent ones "
                        + "that the text describes. Rewards ignore all of this, except in arms that say otherwise.");
        Html.Table table =
                new Html.Table(List.of("arm", "started from", "repeats", "unsupported", "denied", "invented", "seeds"));
        for (HabitAudit audit : results.audits()) {
            Shares before = audit.before();
            Shares after = audit.after();
            table.row(
                    "<b>" + Html.escape(audit.arm()) + "</b><code>"
                            + Html.escape(plan.arms().get(audit.arm()).what()) + "</code>",
                    List.of(
                            Html.escape(audit.from()),
                            change(before.repeats(), after.repeats()),
                            change(before.unsupported(), after.unsupported()),
                            change(before.denied(), after.denied()),
                            change(before.invented(), after.invented()),
                            String.valueOf(audit.seeds().size())));
        }
        page.add(table.end());
    }

    private static String change(double before, double after) {
        return Double.isNaN(before) || Double.isNaN(after)
                ? "–"
                : String.format(Locale.ROOT, "%.1f → %.1f", 100 * before, 100 * after);
    }

    private void cost() {
        if (results.hours().isEmpty()) {
            return;
        }
        double all = results.hours().values().stream().mapToDouble(h -> h).sum();
        page.section(
                "Cost",
                String.format(
                        Locale.ROOT,
                        "%.1f hours of one or two processor cores for everything above, training and evaluation together; other "
                                + "load on the machine is included. Per arm, over all seeds, in minutes:",
                        all));
        Html.Table table = new Html.Table(List.of("arm", "minutes"));
        results.hours()
                .forEach((arm, hours) ->
                        table.row(Html.escape(arm), List.of(String.format(Locale.ROOT, "%.1f", 60 * hours))));
        page.add(table.end());
    }

    private void best() {
        if (results.best().isEmpty()) {
            return;
        }
        page.section(
                "The best-rewarded explanations of " + plan.featuredArm(),
                "Highest total reward on test clips at the highest temperature, of equals the longest. A reward that can be "
                        + "gamed would show here.");
        List<Outcome> outcomes = results.best().stream().map(Rewarded::outcome).toList();
        page.add("<p class=\"soft\">Rewards: "
                + results.best().stream()
                        .map(one -> String.format(Locale.ROOT, "%.2f (seed %d)", one.reward(), one.seed()))
                        .collect(Collectors.joining(", "))
                + "</p>");
        page.add(ExplanationExamples.html(outcomes));
    }
}
