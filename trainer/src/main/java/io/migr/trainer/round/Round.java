package io.migr.trainer.round;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.migr.corpus.CueAnnotation;
import io.migr.corpus.Split;
import io.migr.corpus.text.MeasuredRationale;
import io.migr.corpus.text.Rationale;
import io.migr.engine.Kernels;
import io.migr.engine.Kernels.Precision;
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
import io.migr.model.network.Network;
import io.migr.model.verify.CachedVerifier;
import io.migr.model.verify.Verifier;
import io.migr.runtime.models.ArtifactStore;
import io.migr.schemas.TrainingStage;
import io.migr.trainer.feedback.FeedbackLibrary;
import io.migr.trainer.grpo.Grpo;
import io.migr.trainer.grpo.GrpoSettings;
import io.migr.trainer.grpo.LibraryMedia;
import io.migr.trainer.grpo.Policy;
import io.migr.trainer.grpo.ProjectedTokens;
import io.migr.trainer.grpo.RolloutDecoding;
import io.migr.trainer.grpo.Task;
import io.migr.trainer.reward.Rewards;
import io.migr.trainer.reward.Target;
import io.migr.trainer.sft.ClipLibrary;
import io.migr.trainer.sft.ExampleStore;
import io.migr.trainer.sft.PeopleLibrary;
import io.migr.trainer.sft.ReasoningStage;
import io.migr.trainer.sft.StageExamples;
import io.migr.trainer.sft.StageRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * One round, from reading the examples to the verdict: a chain of files, each made from those before it and written
 * atomically. A round that was killed at any point and is run again on the same folder makes the missing files; with
 * one CPU thread the candidate has the same bytes. Not thread-safe.
 */
public final class Round {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String CORPUS = "corpus";
    private static final String FEEDBACK = "feedback";
    private static final int CHECKPOINT = 10;
    private static final int CACHED_FEATURES = 64;
    private static final int CACHED_SENTENCES = 4096;
    /** As in the experiments: the token that decides the order is one of about ninety in a completion. */
    private static final double ORDER_WEIGHT = 10;

    private static final int REWARD_CLIPS = 8;

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
     * Runs the training steps that have not been completed yet.
     *
     * @return the folder of the candidate; empty if there is no usable example
     */
    public Optional<Path> train() throws IOException {
        Files.createDirectories(folder);
        ProcessorFeatures.computeWith(plan.recipe().threads());
        if (Files.exists(candidate())) {
            return Optional.of(candidate());
        }
        Path parent = store.fetch(plan.recipe().parentSha256());
        try (EmotionModel model = EmotionModel.load(parent, "cpu", plan.recipe().parent())) {
            if (gather(model).training() == 0) {
                return Optional.empty();
            }
            write(model, parent, trainWeights(model));
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

    private Map<String, Tensor> trainWeights(EmotionModel model) throws IOException {
        RoundRecipe recipe = plan.recipe();
        try (NDManager root = NDManager.newBaseManager(Device.cpu());
                Kernels kernels = new Kernels(root, Precision.of(recipe.bfloat()));
                FeedbackLibrary feedback = FeedbackLibrary.open(model, folder);
                ClipLibrary corpus = corpus(model.config().network())) {
            ClipMixture mixture = new ClipMixture(feedback, corpus, recipe.rehearsalClips(), recipe.rehearsalPercent());
            return trainOnRewards(model, mixture, fineTune(model, mixture, root, kernels), root, kernels);
        }
    }

    /** Corpus clips in the form that the network reads, which rehearse what it has learned before. */
    private ClipLibrary corpus(Network.Config network) throws IOException {
        if (network.readsCues()) {
            return new PeopleLibrary(Split.SFT);
        }
        int clips = plan.recipe().rehearsalClips();
        return ExampleStore.open(
                rendered,
                Split.SFT,
                clips,
                network.vision().image(),
                done -> progress.report(TrainingStage.GATHERING, done, clips, Map.of(), "corpus rendered"));
    }

    private Map<String, Tensor> fineTune(EmotionModel model, ClipMixture mixture, NDManager root, Kernels kernels)
            throws IOException {
        RoundRecipe recipe = plan.recipe();
        if (recipe.steps() == 0) {
            return model.tensors();
        }
        ReasoningStage stage = new ReasoningStage(
                model.config(),
                model.config().network().readsCues() ? MeasuredRationale.SHIPPED : Rationale.SHIPPED,
                model.tokenizer(),
                new StageExamples(mixture, ClipMixture.SLOTS, null, 0));
        StageRun.Plan descent = new StageRun.Plan(recipe.steps(), recipe.learningRate(), CHECKPOINT, recipe.seed());
        return new StageRun(stage, descent, folder, kernels, steps(TrainingStage.FINE_TUNING))
                .run(root, model.tensors());
    }

    private Map<String, Tensor> trainOnRewards(
            EmotionModel model, ClipMixture mixture, Map<String, Tensor> start, NDManager root, Kernels kernels)
            throws IOException {
        if (plan.recipe().rewardSteps() == 0) {
            return start;
        }
        EmotionModelConfig config = model.config();
        ProjectedTokens tokens = new ProjectedTokens(
                new LibraryMedia(mixture, config.network()),
                model.tokenizer().encode(config.instruction()),
                CACHED_FEATURES);
        try (Verifier verifier = Verifier.shipped()) {
            Grpo.Job job = new Grpo.Job(
                    "rewards",
                    config,
                    model.tokenizer(),
                    start,
                    // the projectors are not trained: the evidence heads, which make the prediction, read their output
                    Policy.DECODER,
                    Rewards.MIGR.with(new CachedVerifier(verifier, CACHED_SENTENCES)),
                    random -> task(config, mixture, random),
                    tokens,
                    null);
            return new Grpo(job, rewardSettings(), folder, kernels, steps(TrainingStage.REWARDING))
                    .run(root)
                    .last();
        }
    }

    /** Draws the task of a slot of the mixture; its target has the modality that leads according to the annotation. */
    private static Task task(EmotionModelConfig config, ClipMixture mixture, SplittableRandom random) {
        int clip = random.nextInt(ClipMixture.SLOTS);
        CueAnnotation annotation = mixture.annotation(clip);
        return Task.of(clip, Target.of(annotation, annotation.leads(), config.labels()));
    }

    private GrpoSettings rewardSettings() {
        RoundRecipe recipe = plan.recipe();
        GrpoSettings usual = GrpoSettings.pilot(recipe.rewardSteps(), recipe.seed());
        GrpoSettings.Descent descent = usual.descent();
        return new GrpoSettings(
                recipe.rewardSteps(),
                recipe.seed(),
                new GrpoSettings.Sampling(
                        REWARD_CLIPS, usual.sampling().group(), usual.sampling().limit(), RolloutDecoding.FREE),
                new GrpoSettings.Descent(
                        recipe.rewardLearningRate(),
                        descent.warmup(),
                        descent.beta(),
                        descent.clips(),
                        ORDER_WEIGHT,
                        descent.skipFlat(),
                        descent.optimiser()),
                usual.budget(),
                CHECKPOINT,
                recipe.rewardSteps());
    }

    private Consumer<ObjectNode> steps(TrainingStage stage) {
        return line -> {
            Map<String, Double> numbers = new TreeMap<>();
            line.properties().forEach(part -> {
                if (part.getValue().isDouble()
                        && Double.isFinite(part.getValue().asDouble())) {
                    numbers.put(part.getKey(), part.getValue().asDouble());
                }
            });
            progress.report(stage, line.path("step").asInt(), line.path("steps").asInt(), numbers, "");
        };
    }

    /** Writes the candidate with newly fitted temperatures; the folder gets its final name only when it is complete. */
    private void write(EmotionModel old, Path parent, Map<String, Tensor> trained) throws IOException {
        EmotionModelConfig config = old.config();
        Map<String, Tensor> before = old.tensors();
        Map<String, Tensor> halves = new LinkedHashMap<>();
        trained.forEach((name, tensor) -> {
            if (config.manifest().containsKey(name)) {
                halves.put(name, mix(before.get(name), tensor));
            }
        });
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

    /** The mean of the parent's and the trained weights, weighted by their shares. */
    private Tensor mix(Tensor before, Tensor trained) {
        float share = plan.recipe().parentPercent() / 100f;
        float[] old = before.floats();
        float[] values = trained.floats();
        float[] mixed = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            mixed[i] = values[i] + share * (old[i] - values[i]);
        }
        return Tensor.half(mixed, trained.shape());
    }

    /** Completes the evaluation of candidate and parent, and applies the promotion gate. Only after {@link #train}. */
    Verdict judge() throws IOException, InterruptedException {
        measure("live", store.fetch(plan.recipe().parentSha256()));
        measure("candidate", candidate());
        Map<String, Pair> sets = new TreeMap<>();
        for (String set : List.of(CORPUS, FEEDBACK)) {
            sets.put(set, new Pair(outcomes("live", set), outcomes("candidate", set)));
        }
        return new PromotionGate(Bootstrap.USUAL).judge(sets);
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
