package io.migr.trainer.round;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.migr.corpus.CueAnnotation;
import io.migr.corpus.Split;
import io.migr.corpus.text.MeasuredRationale;
import io.migr.corpus.text.Rationale;
import io.migr.engine.Kernels;
import io.migr.engine.Kernels.Precision;
import io.migr.engine.SafeTensors.Tensor;
import io.migr.model.checkpoint.EmotionModel;
import io.migr.model.checkpoint.EmotionModelConfig;
import io.migr.model.network.Network;
import io.migr.model.verify.CachedVerifier;
import io.migr.model.verify.Verifier;
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
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Trains all weights of a model on labelled clips and corpus clips, then on rewards, and mixes them with those of the
 * model. It keeps its checkpoints in the folder of the round, from which it resumes.
 *
 * @param folder of the round, which holds the labelled clips
 * @param rendered folder of rendered corpus clips, shared by all rounds
 */
record FineTuning(RoundRecipe recipe, Path folder, Path rendered, RoundProgress progress) {
    private static final int CHECKPOINT = 10;
    private static final int CACHED_FEATURES = 64;
    private static final int CACHED_SENTENCES = 4096;
    /** As in the experiments: the token that decides the order is one of about ninety in a completion. */
    private static final double ORDER_WEIGHT = 10;

    private static final int REWARD_CLIPS = 8;

    /** The trained weights, with the share of the model's own that the recipe demands; only those that are saved. */
    Map<String, Tensor> run(EmotionModel model) throws IOException {
        Map<String, Tensor> before = model.tensors();
        Map<String, Tensor> halves = new LinkedHashMap<>();
        trainWeights(model).forEach((name, tensor) -> {
            if (model.config().manifest().containsKey(name)) {
                halves.put(name, mix(before.get(name), tensor));
            }
        });
        return halves;
    }

    private Map<String, Tensor> trainWeights(EmotionModel model) throws IOException {
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
        int clips = recipe.rehearsalClips();
        return ExampleStore.open(
                rendered,
                Split.SFT,
                clips,
                network.vision().image(),
                done -> progress.report(TrainingStage.GATHERING, done, clips, Map.of(), "corpus rendered"));
    }

    private Map<String, Tensor> fineTune(EmotionModel model, ClipMixture mixture, NDManager root, Kernels kernels)
            throws IOException {
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
        if (recipe.rewardSteps() == 0) {
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

    /** The mean of the parent's and the trained weights, weighted by their shares. */
    private Tensor mix(Tensor before, Tensor trained) {
        float share = recipe.parentPercent() / 100f;
        float[] old = before.floats();
        float[] values = trained.floats();
        float[] mixed = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            mixed[i] = values[i] + share * (old[i] - values[i]);
        }
        return Tensor.half(mixed, trained.shape());
    }
}
