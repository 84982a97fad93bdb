package io.migr.cli;

import io.migr.corpus.ClipTruth;
import io.migr.corpus.GenerativeModel;
import io.migr.corpus.Split;
import io.migr.features.FfmpegExtractor;
import io.migr.model.Dominance;
import io.migr.model.Emotion;
import io.migr.model.EmotionModel;
import io.migr.model.LocalClipAnalyser;
import io.migr.model.generate.Sampling;
import io.migr.runtime.Configuration;
import io.migr.runtime.Key;
import io.migr.trainer.benchmark.Benchmark;
import io.migr.trainer.benchmark.BenchmarkClips;
import io.migr.trainer.benchmark.Listing;
import io.migr.trainer.judge.CueJudge;
import io.migr.trainer.judge.TextJudge;
import io.migr.trainer.measure.Bootstrap;
import io.migr.trainer.measure.ClaimReader;
import io.migr.trainer.measure.ClipSource;
import io.migr.trainer.measure.CorpusClips;
import io.migr.trainer.measure.Drift;
import io.migr.trainer.measure.DriftMeter;
import io.migr.trainer.measure.Evaluation;
import io.migr.trainer.measure.ExplanationReader;
import io.migr.trainer.measure.GrammarReader;
import io.migr.trainer.measure.Outcome;
import io.migr.trainer.measure.OutcomeFile;
import io.migr.trainer.measure.TextReader;
import io.migr.trainer.report.EvaluationPage;
import io.migr.trainer.report.Report;
import io.migr.trainer.report.ReportJson;
import io.migr.trainer.report.ReportTable;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Measures a model on clips whose truth is known, or on a published benchmark. */
@Command(
        name = "evaluate",
        mixinStandardHelpOptions = true,
        description = "Runs a model over clips as the worker would, and sets results beside the truth.",
        footer = {
            "",
            "war, uar     recall over clips, and its mean over emotions",
            "bayes        accuracy of the best possible guess from a clip's true cues; share: war / bayes",
            "importance   the leading modality is the true one (clips whose truth is not balanced)",
            "order        the explanation starts with the true leading modality (the same clips)",
            "consistent   the explanation concludes the predicted emotion",
            "ir           it concludes another emotion than the label although the prediction is right",
            "first_ir     the same of the first emotion that the explanation asserts",
            "answer       accuracy of the emotion that the explanation's text answers",
            "cues         claimed cues that are true of the clip",
            "format       explanations that ended by themselves",
            "",
            "--all, --json and --out have every metric, with 95 % intervals over clips."
        })
final class Evaluate implements Callable<Integer> {
    @Mixin
    private Settings settings;

    @Spec
    private CommandSpec spec;

    @Option(names = "--split", description = "${COMPLETION-CANDIDATES}; default TEST")
    private Split split = Split.TEST;

    @Option(names = "--count", description = "clips, from the first; default: all")
    private Integer count;

    @Option(names = "--free-order", description = "the model itself chooses the modality it starts with")
    private boolean free;

    @Option(names = "--temperature", description = "draw words at this temperature instead of the most probable ones")
    private double temperature;

    @Option(names = "--top-p", description = "with --temperature: keep the most probable words up to this mass")
    private double topP = 1;

    @Option(names = "--seed", description = "with --temperature: names the draws; default 1")
    private long seed = 1;

    @Option(
            names = "--drift",
            paramLabel = "N",
            description = "also watch where attention goes in N clips, and exchange the clip in mid-text")
    private int drift;

    @Option(names = "--all", description = "every metric, one a line")
    private boolean all;

    @Option(names = "--json", description = "one JSON object instead of a table")
    private boolean json;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "also write evaluation.html, metrics.json and outcomes.jsonl there")
    private Path out;

    @ArgGroup(exclusive = false, heading = "A published benchmark instead of the corpus:%n")
    private Published published;

    /** Options of benchmarks. */
    private static final class Published {
        @Option(
                names = "--benchmark",
                required = true,
                description = "${COMPLETION-CANDIDATES}, as its owners hand it out")
        private Benchmark benchmark;

        @Option(names = "--path", required = true, paramLabel = "DIR", description = "where it is unpacked")
        private Path path;

        @Option(names = "--fold", description = "its test clips are measured on; 1 to 5, default 5")
        private int fold = Benchmark.USUAL_FOLD;

        @Option(names = "--allow-missing", description = "measure on what can be used, and do not fail for what cannot")
        private boolean allowMissing;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        Configuration configuration = settings.configuration();
        Unusable unusable = new Unusable(spec.commandLine().getErr(), out);
        ClipSource source;
        if (published == null) {
            source = new CorpusClips(split, clips(split.size(), split.toString()));
        } else {
            Listing listing = published.benchmark.list(published.path, published.fold);
            unusable.add(listing.problems());
            if (listing.entries().isEmpty() || (unusable.any() && !published.allowMissing)) {
                unusable.print();
                spec.commandLine()
                        .getErr()
                        .println("Nothing was measured. With --allow-missing the "
                                + listing.entries().size() + " clips that can be used are.");
                return 1;
            }
            int clips = clips(listing.entries().size(), "fold " + published.fold);
            source = new BenchmarkClips(
                    listing.entries().subList(0, clips), new FfmpegExtractor(Services.ffmpeg(), BenchmarkClips.LIMITS));
        }
        Report report = report(configuration, source, unusable);
        PrintWriter lines = spec.commandLine().getOut();
        if (json) {
            lines.println(ReportJson.of(report));
        } else {
            lines.println(title(report));
            lines.print(all ? ReportTable.full(report) : ReportTable.concise(report));
        }
        if (out != null) {
            write(report);
        }
        lines.flush();
        unusable.print();
        return unusable.any() && !published.allowMissing ? 1 : 0;
    }

    private int clips(int most, String of) {
        int clips = count == null ? most : count;
        if (clips < 1 || clips > most) {
            throw new ParameterException(
                    spec.commandLine(), "--count is 1 to " + most + " for " + of + ", not " + clips + ".");
        }
        return clips;
    }

    private Report report(Configuration configuration, ClipSource source, Unusable unusable)
            throws IOException, InterruptedException {
        Sampling sampling = temperature == 0 ? Sampling.GREEDY : new Sampling(temperature, topP, 1, seed);
        EmotionModel model = EmotionModel.load(Home.model(configuration), configuration.text(Key.MODEL_DEVICE));
        Map<String, Object> facts = facts(model.version(), source.size());
        DriftMeter meter = new DriftMeter(drift);
        List<Outcome> outcomes;
        Drift drifted;
        Labels labels = new Labels(model.config().labels());
        try (LocalClipAnalyser analyser = new LocalClipAnalyser(model, free, sampling)) {
            Evaluation evaluation = new Evaluation(readers(model.config().labels()), detailed());
            outcomes = evaluation.run(analyser, source, progress(source.size(), "clips"), meter);
            drifted = meter.measure(analyser, progress(drift, "clips watched"));
        }
        spec.commandLine().getErr().println();
        if (source instanceof BenchmarkClips clips) {
            unusable.add(clips.problems());
        }
        if (outcomes.isEmpty()) {
            unusable.print();
            throw new IllegalStateException("No clip could be decoded, so nothing was measured.");
        }
        facts.put("clips", outcomes.size());
        List<String> notes = new ArrayList<>(unusable.notes());
        notes.addAll(labels.notes(outcomes));
        return Report.of(facts, outcomes, drifted, notes, detailed() ? Bootstrap.USUAL : null);
    }

    /** Whether more is shown than the short table. */
    private boolean detailed() {
        return all || json || out != null;
    }

    private List<ExplanationReader> readers(List<Emotion> labels) {
        List<ExplanationReader> readers = new ArrayList<>(List.of(new GrammarReader(labels)));
        if (detailed()) {
            readers.add(new TextReader(TextJudge.train()));
            readers.add(new ClaimReader(new CueJudge(CueJudge.Evidence.ALL)));
            readers.add(new ClaimReader(new CueJudge(CueJudge.Evidence.LEADING)));
        }
        return readers;
    }

    /** How often the order can be right at best, where one modality truly leads; three decimals. */
    private double ceiling(int clips) {
        GenerativeModel generator = new GenerativeModel();
        List<ClipTruth> decided = IntStream.range(0, clips)
                .mapToObj(i -> ClipTruth.of(split.seed(i)))
                .filter(clip -> clip.oracle() != Dominance.BALANCED)
                .toList();
        long right = decided.stream()
                .filter(clip -> generator.leads(clip) == clip.oracle())
                .count();
        return Math.round(1000.0 * right / Math.max(1, decided.size())) / 1000.0;
    }

    private Map<String, Object> facts(String version, int clips) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("model_version", version);
        if (published == null) {
            facts.put("split", split.name().toLowerCase(Locale.ROOT));
            facts.put("order_ceiling", ceiling(clips));
        } else {
            facts.put("benchmark", published.benchmark.name().toLowerCase(Locale.ROOT));
            facts.put("fold", published.fold);
        }
        facts.put("clips", clips);
        facts.put("order", free ? "free" : "importance");
        facts.put(
                "decoding",
                temperature == 0 ? "greedy" : "temperature " + temperature + ", top-p " + topP + ", seed " + seed);
        return facts;
    }

    private String title(Report report) {
        Map<String, Object> facts = report.facts();
        String of = published == null
                ? "the " + facts.get("split") + " split"
                : facts.get("benchmark") + " fold " + facts.get("fold");
        return facts.get("model_version") + " on " + facts.get("clips") + " clips of " + of;
    }

    private IntConsumer progress(int all, String what) {
        PrintWriter err = spec.commandLine().getErr();
        return done -> {
            err.print("\r" + done + " of " + all + " " + what);
            err.flush();
        };
    }

    private void write(Report report) throws IOException {
        Files.createDirectories(out);
        OutcomeFile.write(out.resolve("outcomes.jsonl"), report.outcomes());
        Files.writeString(out.resolve("metrics.json"), ReportJson.of(report).toPrettyString() + "\n");
        Files.writeString(out.resolve("evaluation.html"), EvaluationPage.of(report));
        spec.commandLine().getErr().println("evaluation.html, metrics.json and outcomes.jsonl are in " + out);
    }
}
