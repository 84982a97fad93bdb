package io.migr.trainer.round;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.migr.corpus.Split;
import io.migr.engine.ProcessorFeatures;
import io.migr.engine.SafeTensors.Tensor;
import io.migr.evaluation.measure.Bootstrap;
import io.migr.evaluation.measure.Calibration;
import io.migr.evaluation.measure.ClipSource;
import io.migr.evaluation.measure.CorpusClips;
import io.migr.evaluation.measure.Evaluation;
import io.migr.evaluation.measure.Outcome;
import io.migr.evaluation.measure.OutcomeFile;
import io.migr.evaluation.promotion.PromotionGate;
import io.migr.evaluation.promotion.PromotionGate.Pair;
import io.migr.evaluation.promotion.PromotionGate.Verdict;
import io.migr.evaluation.readers.GrammarReader;
import io.migr.model.analysis.LocalClipAnalyser;
import io.migr.model.checkpoint.EmotionModel;
import io.migr.model.checkpoint.EmotionModelConfig;
import io.migr.runtime.models.ArtifactStore;
import io.migr.schemas.TrainingStage;
import io.migr.trainer.feedback.EvidenceWeights;
import io.migr.trainer.feedback.FeedbackLibrary;
import io.migr.trainer.feedback.FewLabels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * One round, from reading the examples to the verdict: a chain of files, each made from those before it and written
 * atomically. A round that was killed at any point and is run again on the same folder makes the missing files; with
 * one CPU thread the candidate has the same bytes. Not thread-safe.
 */
public final class Round {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String CORPUS = "corpus";
    private static final String FEEDBACK = "feedback";

    private final RoundPlan plan;
    private final Path folder;
    private final Path rendered;
    private final ExampleLog log;
    private final ArtifactStore store;
    private final RoundProgress progress;

    /**
     * Creates a round.
     *
     * @param folder for the round's own files
     * @param rendered folder of rendered corpus clips, shared by all rounds
     * @param store the model store that contains the parent
     */
    public Round(
            RoundPlan plan, Path folder, Path rendered, ExampleLog log, ArtifactStore store, RoundProgress progress) {
        this.plan = plan;
        this.folder = folder;
        this.rendered = rendered;
        this.log = log;
        this.store = store;
        this.progress = progress;
    }

    private Path candidate() {
        return folder.resolve("candidate");
    }

    /**
     * Runs the training steps that have not been completed yet: fine-tuning, or with few labels the fit of few numbers.
     *
     * @return the folder of the candidate; empty if there are too few usable examples
     */
    public Optional<Path> train() throws IOException {
        Files.createDirectories(folder);
        ProcessorFeatures.computeWith(plan.recipe().threads());
        if (Files.exists(candidate())) {
            return Optional.of(candidate());
        }
        Path parent = store.fetch(plan.recipe().parentSha256());
        try (EmotionModel model = EmotionModel.load(parent, "cpu", plan.recipe().parent())) {
            ExampleCounts gathered = gather(model);
            if (plan.recipe().tooFew(gathered)) {
                return Optional.empty();
            }
            if (plan.recipe().fitsFewNumbers(gathered)) {
                writeFewNumbers(model, parent);
            } else {
                FineTuning tuning = new FineTuning(plan.recipe(), folder, rendered, progress);
                write(model.config(), parent, tuning.run(model));
            }
        }
        return Optional.of(candidate());
    }

    /** The counts of used and refused examples; only after {@link #train}. */
    ExampleCounts counts() throws IOException {
        return JSON.readValue(folder.resolve("gathered.json").toFile(), ExampleCounts.class);
    }

    private ExampleCounts gather(EmotionModel model) throws IOException {
        Path file = folder.resolve("gathered.json");
        // rounds that an earlier version of migr began have a file of another form
        boolean whole = model.config().network().readsCues() || Files.exists(folder.resolve(FeedbackLibrary.MEDIA));
        if (!Files.exists(file) || !whole) {
            progress.report(TrainingStage.GATHERING, 0, 0, Map.of(), "");
            ExampleCounts gathered = new ExampleCollector(plan, log, model, folder, Instant.now()).run();
            writeWhole(file, JSON.writeValueAsString(gathered));
        }
        ExampleCounts gathered = counts();
        progress.report(TrainingStage.GATHERING, 1, 1, gathered.numbers(), gathered.toString());
        return gathered;
    }

    /** Few labels and what they can move; {@code model} is the parent, and {@code analyser} one of it. */
    private FewLabels fewLabels(EmotionModel model, LocalClipAnalyser analyser) throws IOException {
        try (FeedbackLibrary training = FeedbackLibrary.open(model, folder);
                HeldOutClips heldOut = new HeldOutClips(folder, counts().heldOut(), model.config())) {
            return new FewLabels(
                    analyser,
                    model.config(),
                    training,
                    heldOut.read(0, heldOut.size()),
                    plan.recipe().validationClips());
        }
    }

    /** Writes the candidate with few numbers fitted, and everything else as in the parent. */
    private void writeFewNumbers(EmotionModel model, Path parent) throws IOException {
        EmotionModelConfig config = model.config();
        EvidenceWeights weights = fewLabels(model, new LocalClipAnalyser(model)).fit();
        progress.report(
                TrainingStage.FINE_TUNING, 1, 1, weights.numbers(config.labels()), "temperatures and label biases");
        Path next = folder.resolve("candidate.next");
        EmotionModel.write(
                next,
                config.calibrated(weights.temperature(), config.importance()),
                weights.tensors(model),
                parent.resolve("tokenizer.json"));
        Files.move(next, candidate(), StandardCopyOption.ATOMIC_MOVE);
    }

    /** Writes the candidate with newly fitted temperatures; the folder gets its final name only when it is complete. */
    private void write(EmotionModelConfig config, Path parent, Map<String, Tensor> halves) throws IOException {
        Path next = folder.resolve("candidate.next");
        Path tokenizer = parent.resolve("tokenizer.json");
        EmotionModel.write(next, config, halves, tokenizer);
        int clips = plan.recipe().validationClips();
        EmotionModelConfig calibrated;
        EmotionModel model = EmotionModel.load(next, "cpu");
        try (LocalClipAnalyser analyser = new LocalClipAnalyser(model)) {
            calibrated = new Calibration(
                            model,
                            analyser,
                            clips,
                            done -> progress.report(TrainingStage.EVALUATING, done, clips, Map.of(), "calibration"))
                    .fit();
        }
        EmotionModel.write(next, calibrated, halves, tokenizer);
        Files.move(next, candidate(), StandardCopyOption.ATOMIC_MOVE);
    }

    /** Completes the evaluation of candidate and parent, and applies the promotion gate. Only after {@link #train}. */
    Verdict judge() throws IOException, InterruptedException {
        Path parent = store.fetch(plan.recipe().parentSha256());
        ExampleCounts counts = counts();
        boolean few = plan.recipe().fitsFewNumbers(counts);
        if (few) {
            crossValidate(parent);
        }
        measure("live", parent);
        measure("candidate", candidate());
        Map<String, Pair> sets = new TreeMap<>();
        for (String set : List.of(CORPUS, FEEDBACK)) {
            sets.put(set, new Pair(outcomes("live", set), outcomes("candidate", set)));
        }
        PromotionGate gate = new PromotionGate(Bootstrap.USUAL);
        if (!few) {
            return gate.judge(sets);
        }
        Verdict verdict = gate.judge(sets, Set.of(FEEDBACK));
        String why =
                verdict.why() + ". Only temperatures and label biases were fitted, to " + counts.training() + " of "
                        + counts.labels() + " labelled clips; feedback is all of them by cross-validation over persons";
        return new Verdict(verdict.promoted(), why, verdict.findings());
    }

    /** Predicts the labelled clips by the parent, and by numbers that were fitted without the same person. */
    private void crossValidate(Path parent) throws IOException {
        if (Files.exists(file("live", FEEDBACK)) && Files.exists(file("candidate", FEEDBACK))) {
            return;
        }
        EmotionModel model = EmotionModel.load(parent, "cpu");
        try (LocalClipAnalyser analyser = new LocalClipAnalyser(model)) {
            FewLabels labels = fewLabels(model, analyser);
            OutcomeFile.write(file("live", FEEDBACK), labels.before());
            OutcomeFile.write(
                    file("candidate", FEEDBACK),
                    labels.crossValidated(
                            done -> progress.report(TrainingStage.EVALUATING, done, 0, Map.of(), "cross-validation")));
        }
    }

    /** The file of a model's outcomes; {@code role} is live or candidate. */
    private Path file(String role, String set) {
        return folder.resolve(role + "-" + set + ".jsonl");
    }

    private List<Outcome> outcomes(String role, String set) throws IOException {
        return OutcomeFile.read(file(role, set));
    }

    private void measure(String role, Path model) throws IOException, InterruptedException {
        if (Files.exists(file(role, CORPUS)) && Files.exists(file(role, FEEDBACK))) {
            return;
        }
        EmotionModel loaded = EmotionModel.load(model, "cpu");
        try (LocalClipAnalyser analyser = new LocalClipAnalyser(loaded);
                HeldOutClips heldOut = new HeldOutClips(folder, counts().heldOut(), loaded.config())) {
            Evaluation evaluation =
                    new Evaluation(List.of(new GrammarReader(loaded.config().labels())), false);
            int clips = plan.recipe().validationClips();
            // not the clips used for calibration
            measure(
                    role,
                    CORPUS,
                    evaluation,
                    analyser,
                    CorpusClips.of(loaded.config(), Split.VALIDATION, clips, clips));
            measure(role, FEEDBACK, evaluation, analyser, heldOut);
        }
    }

    private void measure(String role, String set, Evaluation evaluation, LocalClipAnalyser analyser, ClipSource source)
            throws IOException, InterruptedException {
        if (!Files.exists(file(role, set))) {
            OutcomeFile.write(
                    file(role, set),
                    evaluation.run(
                            analyser,
                            source,
                            done -> progress.report(
                                    TrainingStage.EVALUATING, done, source.size(), Map.of(), role + " on " + set),
                            Evaluation.Observer.NONE));
        }
    }

    /** Removes all files except the records of the round: the plan, counts, metrics and outcomes. */
    void clean() throws IOException {
        for (String name : List.of(
                FeedbackLibrary.MEDIA,
                "feedback.clips",
                "feedback.jsonl",
                HeldOutClips.FILE,
                "reasoning.checkpoint",
                "rewards.checkpoint")) {
            Files.deleteIfExists(folder.resolve(name));
        }
        for (String name : List.of("config.json", "model.safetensors", "tokenizer.json", "")) {
            Files.deleteIfExists(candidate().resolve(name));
        }
    }

    /** Removes the remaining files and the folder, if {@link #clean} was called before. */
    void remove() throws IOException {
        for (String name : List.of("gathered.json", "metrics.jsonl", "")) {
            Files.deleteIfExists(folder.resolve(name));
        }
    }

    /** Writes a small file atomically: after a crash or power failure it is complete or absent. */
    static void writeWhole(Path file, String text) throws IOException {
        Path next = file.resolveSibling(file.getFileName() + ".next");
        Files.writeString(
                next,
                text,
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE,
                StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.SYNC);
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
    }
}
