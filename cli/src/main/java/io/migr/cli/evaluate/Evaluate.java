package io.migr.cli.evaluate;

import io.migr.cli.setup.InstallationFolders;
import io.migr.cli.setup.Services;
import io.migr.cli.setup.Settings;
import io.migr.corpus.ClipTruth;
import io.migr.corpus.GenerativeModel;
import io.migr.corpus.Split;
import io.migr.evaluation.benchmark.Benchmark;
import io.migr.evaluation.benchmark.BenchmarkClips;
import io.migr.evaluation.benchmark.FoldListing;
import io.migr.evaluation.judge.CueJudge;
import io.migr.evaluation.judge.TextJudge;
import io.migr.evaluation.measure.Bootstrap;
import io.migr.evaluation.measure.ClipSource;
import io.migr.evaluation.measure.CorpusClips;
import io.migr.evaluation.measure.Drift;
import io.migr.evaluation.measure.DriftMeter;
import io.migr.evaluation.measure.Evaluation;
import io.migr.evaluation.measure.Outcome;
import io.migr.evaluation.measure.OutcomeFile;
import io.migr.evaluation.people.MeasuredClips;
import io.migr.evaluation.readers.ClaimReader;
import io.migr.evaluation.readers.ExplanationReader;
import io.migr.evaluation.readers.GrammarReader;
import io.migr.evaluation.readers.TextReader;
import io.migr.evaluation.report.EvaluationPage;
import io.migr.evaluation.report.Report;
import io.migr.evaluation.report.ReportJson;
import io.migr.evaluation.report.ReportTable;
import io.migr.features.FfmpegExtractor;
import io.migr.model.Emotion;
import io.migr.model.analysis.LocalClipAnalyser;
import io.migr.model.checkpoint.EmotionModel;
import io.migr.model.checkpoint.EmotionModelConfig;
import io.migr.model.decode.Sampling;
import io.migr.runtime.config.Configuration;
import io.migr.runtime.config.Key;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Evaluates a model on corpus clips, whose truth is known, or on a published benchmark. */
@Command(
        name = "evaluate",
        mixinStandardHelpOptions = true,
        description = {
            "Runs a model over clips as the worker does, and compares the results with the truth.",
            "A model of measured cues, such as the shipped one, is run on clips in cue space, or with --drawn on the drawn"
                    + " corpus as it is measured; a model of pictures and sound, such as tiny, on the drawn corpus."
        },
        footer = {
            "",
            "war, uar     accuracy, and recall averaged over the emotions",
            "bayes        accuracy of the best possible guess from the clip's cues, for a model of measured cues from what was"
                    + " measured; share: war / bayes",
            "importance   the dominant modality is the true one (clips whose truth is not balanced)",
            "order        the explanation starts with the true dominant modality (the same clips)",
            "consistent   the explanation concludes the predicted emotion",
            "ir           of correct predictions, the explanation concludes another emotion",
            "first_ir     the same for the first emotion that the explanation asserts",
            "answer       accuracy of the emotion in the explanation's answer",
            "cues         share of the claimed cues that are true of the clip",
            "format       share of explanations that the model completed without being cut off",
            "",
            "--all, --json and --out report every metric, with 95 % intervals over clips."
        })
public final class Evaluate implements Callable<Integer> {
    /** What may be given with {@code --real}. */
    private static final Set<String> WITH_REAL =
            Set.of("--real", "--out", "--json", "--config", "--kafka", "--model-folder");

    @Mixin
    private Settings settings;

    @Spec
    private CommandSpec spec;

    @Option(names = "--split", description = "${COMPLETION-CANDIDATES}; default: TEST")
    private Split split = Split.TEST;

    @Option(
            names = "--drawn",
            description = "for a model of measured cues: measure the drawn corpus instead of clips in cue space")
    private boolean drawn;

    @Option(names = "--count", description = "number of clips, from the first; default: all")
    private Integer count;

    @Option(names = "--free-order", description = "let the model choose the modality it starts with")
    private boolean free;

    @Option(
            names = "--temperature",
            description = "sample tokens at this temperature instead of taking the most probable ones")
    private double temperature;

    @Option(
            names = "--top-p",
            description = "with --temperature: sample from the most probable tokens up to this probability; default: 1")
    private double topP = 1;

    @Option(names = "--seed", description = "with --temperature: seed of the sampling; default: 1")
    private long seed = 1;

    @Option(
            names = "--drift",
            paramLabel = "N",
            description =
                    "also measure where attention goes in N clips, and what swapping the clip in mid-text changes")
    private int drift;

    @Option(names = "--all", description = "print every metric, one per line")
    private boolean all;

    @Option(names = "--json", description = "print one JSON object instead of a table")
    private boolean json;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description =
                    "also write evaluation.html, metrics.json and outcomes.jsonl to this folder; with --real answers.jsonl")
    private Path out;

    @ArgGroup(exclusive = false, heading = "To evaluate on a published benchmark instead of the corpus:%n")
    private BenchmarkOptions published;

    @Option(
            names = "--real",
            paramLabel = "DIR",
            description =
                    "measure labelled pictures of faces or recordings of voices instead; DIR holds their labels.json")
    private Path real;

    /** The options that choose a published benchmark. */
    private static final class BenchmarkOptions {
        @Option(
                names = "--benchmark",
                required = true,
                description = "${COMPLETION-CANDIDATES}, as its owners distribute it")
        private Benchmark benchmark;

        @Option(names = "--path", required = true, paramLabel = "DIR", description = "the folder where it is unpacked")
        private Path path;

        @Option(names = "--fold", description = "use the test clips of this fold, 1 to 5; default: 5")
        private int fold = Benchmark.USUAL_FOLD;

        @Option(names = "--allow-missing", description = "skip what cannot be used instead of failing")
        private boolean allowMissing;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        Configuration configuration = settings.configuration();
        if (real != null) {
            return measureReal(configuration);
        }
        UnmeasuredClips unusable = new UnmeasuredClips(spec.commandLine().getErr(), out);
        ClipSource source;
        if (published == null) {
            source = corpus(configuration);
        } else {
            FoldListing listing = published.benchmark.list(published.path, published.fold);
            unusable.add(listing.problems());
            if (listing.entries().isEmpty() || (unusable.any() && !published.allowMissing)) {
                unusable.print();
                spec.commandLine()
                        .getErr()
                        .println("Nothing was measured. Use --allow-missing to measure the "
                                + listing.entries().size() + " clips that can be used.");
                return 1;
            }
            int clips = clips(listing.entries().size(), "fold " + published.fold);
            source = new BenchmarkClips(
                    listing.entries().subList(0, clips),
                    new FfmpegExtractor(Services.ffmpeg(), BenchmarkClips.LIMITS),
                    config(configuration).network().readsCues());
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

    private static EmotionModelConfig config(Configuration configuration) throws IOException {
        return EmotionModel.readConfig(InstallationFolders.model(configuration));
    }

    /** Clips of the corpus in the form that the model reads. */
    private ClipSource corpus(Configuration configuration) throws IOException {
        EmotionModelConfig config = config(configuration);
        int clips = clips(split.size(), split.toString());
        if (drawn && !config.network().readsCues()) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--drawn is for models that read measured cues; " + config.name()
                            + " reads the drawn clips themselves, also without it.");
        }
        return drawn ? new MeasuredClips(split, clips) : CorpusClips.of(config, split, 0, clips);
    }

    private int measureReal(Configuration configuration) throws IOException, InterruptedException {
        for (OptionSpec given : spec.commandLine().getParseResult().matchedOptions()) {
            if (!WITH_REAL.contains(given.longestName())) {
                throw new ParameterException(
                        spec.commandLine(), "--real and " + given.longestName() + " cannot be given together.");
            }
        }
        RealFolder folder;
        try {
            folder = RealFolder.read(real);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
        return RealReport.print(
                configuration,
                folder,
                json,
                out,
                spec.commandLine(),
                progress(folder.entries().size(), "files"));
    }

    /** The number of clips to measure: {@code --count}, or all {@code most} clips of {@code of}. */
    private int clips(int most, String of) {
        int clips = count == null ? most : count;
        if (clips < 1 || clips > most) {
            throw new ParameterException(
                    spec.commandLine(), "--count must be 1 to " + most + " for " + of + ", not " + clips + ".");
        }
        return clips;
    }

    private Report report(Configuration configuration, ClipSource source, UnmeasuredClips unusable)
            throws IOException, InterruptedException {
        Sampling sampling = temperature == 0 ? Sampling.GREEDY : new Sampling(temperature, topP, 1, seed);
        EmotionModel model =
                EmotionModel.load(InstallationFolders.model(configuration), configuration.text(Key.MODEL_DEVICE));
        Map<String, Object> facts = facts(model, source.size());
        DriftMeter meter = new DriftMeter(drift);
        List<Outcome> outcomes;
        Drift drifted;
        LabelSetNotes labels = new LabelSetNotes(model.config().labels());
        try (LocalClipAnalyser analyser = new LocalClipAnalyser(model, free, sampling)) {
            Evaluation evaluation = new Evaluation(readers(model.config().labels()), detailed());
            outcomes = evaluation.run(analyser, source, progress(source.size(), "clips"), meter);
            drifted = meter.measure(analyser, progress(drift, "clips watched"));
        }
        spec.commandLine().getErr().println();
        if (source instanceof MeasuredClips clips) {
            clips.close();
        }
        if (source instanceof BenchmarkClips clips) {
            unusable.add(clips.problems());
            clips.close();
        }
        if (outcomes.isEmpty()) {
            unusable.print();
            throw new IllegalStateException("None of the clips could be decoded, so nothing was measured.");
        }
        facts.put("clips", outcomes.size());
        List<String> notes = new ArrayList<>(unusable.notes());
        notes.addAll(labels.notes(outcomes));
        return Report.of(facts, outcomes, drifted, notes, detailed() ? Bootstrap.USUAL : null);
    }

    /** Whether more metrics are needed than the short table shows. */
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

    /**
     * The highest {@code order} that a model can reach without knowing the label, over clips in which one modality
     * truly leads; rounded to three decimals.
     */
    private double ceiling(int clips) {
        GenerativeModel generator = new GenerativeModel();
        List<ClipTruth> decided = IntStream.range(0, clips)
                .mapToObj(i -> ClipTruth.of(split.seed(i)))
                .filter(clip -> clip.oracle().modality() != null)
                .toList();
        long right = decided.stream()
                .filter(clip -> generator.leads(clip) == clip.oracle())
                .count();
        return Math.round(1000.0 * right / Math.max(1, decided.size())) / 1000.0;
    }

    private Map<String, Object> facts(EmotionModel model, int clips) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("model_version", model.version());
        if (published == null) {
            facts.put("split", split.name().toLowerCase(Locale.ROOT));
            if (model.config().network().readsCues()) {
                facts.put("space", drawn ? "drawn and measured" : "in cue space");
            } else {
                facts.put("order_ceiling", ceiling(clips));
            }
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
        Object space = facts.get("space");
        String of = published == null
                ? "the " + facts.get("split") + " split" + (space == null ? "" : ", " + space)
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
