package io.migr.cli.evaluate;

import io.migr.cli.setup.InstallationFolders;
import io.migr.cli.setup.Settings;
import io.migr.engine.ProcessorFeatures;
import io.migr.evaluation.measure.Metric;
import io.migr.lab.experiment.Experiment;
import io.migr.lab.experiment.ExperimentPage;
import io.migr.lab.experiment.ExperimentResults;
import io.migr.lab.experiment.ExperimentResults.Difference;
import io.migr.lab.experiment.ExperimentResults.Verdict;
import io.migr.lab.experiment.HabitAudit;
import io.migr.lab.experiment.Plan;
import io.migr.model.checkpoint.EmotionModel;
import io.migr.runtime.config.Configuration;
import io.migr.runtime.config.Key;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Trains and evaluates the arms of a plan, such as MIGR and its baselines, and writes a page of results. */
@Command(
        name = "experiment",
        mixinStandardHelpOptions = true,
        description = {
            "Trains and evaluates all arms of a plan and writes a page of results. Their towers are those of the weights"
                    + " tiny.",
            "It can be stopped at any time; the same command resumes it. With --seeds or --arms only a part of the plan"
                    + " is run and no page is written; write the page with --results."
        })
public final class ExperimentCommand implements Callable<Integer> {
    @Mixin
    private Settings settings;

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "PLAN", description = "the plan, a file such as lab/experiments/mechanics.yaml")
    private Path plan;

    @Option(
            names = "--out",
            required = true,
            paramLabel = "DIR",
            description = "folder for outcomes, checkpoints and results.html")
    private Path folder;

    @Option(
            names = "--material",
            paramLabel = "DIR",
            description =
                    "folder for rendered and encoded clips, which experiments can share; default: material in the --out"
                            + " folder")
    private Path material;

    @Option(
            names = "--seeds",
            split = ",",
            paramLabel = "SEED",
            description = "run only these seeds of the plan, so that several processes can share the work")
    private List<Long> seeds = List.of();

    @Option(
            names = "--arms",
            split = ",",
            paramLabel = "ARM",
            description = "run only these arms of the plan, and the arms they start from")
    private List<String> arms = List.of();

    @Option(
            names = "--calibrate",
            split = ",",
            paramLabel = "NOISE",
            description =
                    "train the first arm with each of these noise levels and print its accuracy on validation clips")
    private List<Double> noises = List.of();

    @Option(names = "--results", description = "only write the page from the outcomes that exist")
    private boolean only;

    @Option(names = "--float32", description = "do not use bfloat16 even if the CPU supports it: slower, exact")
    private boolean exact;

    @Override
    public Integer call() throws IOException {
        Configuration configuration = settings.configuration();
        Plan read = Plan.read(plan);
        if (!read.seeds().containsAll(seeds)) {
            throw new IllegalArgumentException(
                    "The plan has the seeds " + read.seeds() + ", but --seeds asks for " + seeds + ".");
        }
        if (!read.arms().keySet().containsAll(arms)) {
            throw new IllegalArgumentException(
                    "The plan has the arms " + read.arms().keySet() + ", but --arms asks for " + arms + ".");
        }
        PrintWriter err = spec.commandLine().getErr();
        if (!only) {
            try (EmotionModel base = EmotionModel.load(
                    InstallationFolders.researchModel(configuration), configuration.text(Key.MODEL_DEVICE))) {
                Path shared = material == null ? folder.resolve("material") : material;
                Experiment experiment = new Experiment(read, base, folder, shared, !exact && hasBfloat(base), line -> {
                    err.println(line);
                    err.flush();
                });
                if (!noises.isEmpty()) {
                    experiment.calibrate(noises).forEach((noise, right) -> spec.commandLine()
                            .getOut()
                            .printf(Locale.ROOT, "noise %s: %.1f %% of validation clips right%n", noise, 100 * right));
                    return 0;
                }
                experiment.run(
                        seeds.isEmpty() ? read.seeds() : seeds,
                        arms.isEmpty() ? read.arms().keySet() : arms,
                        plan);
            }
            if (!seeds.isEmpty() || !arms.isEmpty()) {
                // the page takes minutes, and otherwise each of the processes that share a plan would compute it
                spec.commandLine().getOut().println("Done; the same command with --results writes the page.");
                return 0;
            }
        }
        ExperimentResults results = ExperimentResults.of(read, folder);
        Path page = folder.resolve("results.html");
        Files.writeString(page, ExperimentPage.of(results));
        PrintWriter out = spec.commandLine().getOut();
        results.differences().forEach(one -> out.println(line(one)));
        results.audits().forEach(one -> out.println(line(one)));
        out.println("The results are in " + page);
        return 0;
    }

    private static boolean hasBfloat(EmotionModel base) {
        return base.network().device().isGpu() || ProcessorFeatures.hasBfloat();
    }

    /** Formats a contrast as one line. */
    private static String line(Difference one) {
        if (one.verdict() == Verdict.NOT_RUN) {
            return "not run  " + one.contrast().name();
        }
        Metric metric = one.contrast().measured();
        String claim = one.contrast().claim() == null
                ? ""
                : " (claimed: " + one.contrast().claim().words() + ")";
        return String.format(
                Locale.ROOT,
                "%-8s %s: %s of %s %s, of %s %s, %+.1f points [%+.1f, %+.1f] over %d seeds%s",
                one.verdict().name().toLowerCase(Locale.ROOT).replace('_', ' '),
                one.contrast().name(),
                metric.key(),
                one.contrast().from(),
                metric.text(one.from()),
                one.contrast().to(),
                metric.text(one.to()),
                100 * one.difference().value(),
                100 * one.difference().low(),
                100 * one.difference().high(),
                one.seeds().size(),
                claim);
    }

    /** Formats, as one line, what reward optimisation changed besides what it was rewarded for. */
    private static String line(HabitAudit one) {
        return String.format(
                Locale.ROOT,
                "practice %s -> %s: repeats %s, unsupported %s, denied %s, invented %s %% over %d seeds",
                one.from(),
                one.arm(),
                change(one.before().repeats(), one.after().repeats()),
                change(one.before().unsupported(), one.after().unsupported()),
                change(one.before().denied(), one.after().denied()),
                change(one.before().invented(), one.after().invented()),
                one.seeds().size());
    }

    private static String change(double before, double after) {
        return share(before) + " to " + share(after);
    }

    private static String share(double value) {
        return Double.isNaN(value) ? "-" : String.format(Locale.ROOT, "%.1f", 100 * value);
    }
}
