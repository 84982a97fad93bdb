package io.migr.lab.experiment;

import ai.djl.ndarray.NDManager;
import io.migr.corpus.ClipTruth;
import io.migr.corpus.Split;
import io.migr.engine.Kernels;
import io.migr.engine.Weights;
import io.migr.engine.Weights.Declaration;
import io.migr.model.checkpoint.EmotionModelConfig;
import io.migr.model.explain.Tokenizer;
import io.migr.trainer.grpo.ClipTokens;
import io.migr.trainer.grpo.Policy;
import io.migr.trainer.grpo.Task;
import io.migr.trainer.sft.TrainingStage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Predicate;

/**
 * Supervised fine-tuning of the decoder on fixed tokens: mean cross-entropy of a few texts about each clip of a batch,
 * which share one forward pass of the clip's prompt.
 */
final class SupervisedStage implements TrainingStage {

    /** Writes a text about a clip. */
    interface Writer {
        String write(ClipTruth truth, SplittableRandom random);
    }

    private static final int VALIDATION_CLIPS = 192;

    private final String name;
    private final EmotionModelConfig config;
    private final Tokenizer tokenizer;
    private final ExperimentClips training;
    private final ExperimentClips validation;
    private final ClipTokens trainingTokens;
    private final ClipTokens validationTokens;
    private final Writer writer;
    private final Plan.Supervised plan;

    /** Creates a stage; arms differ only in {@code writer}. */
    SupervisedStage(
            String name,
            EmotionModelConfig config,
            Tokenizer tokenizer,
            EncodedClips material,
            Writer writer,
            Plan.Supervised plan) {
        this.name = name;
        this.config = config;
        this.tokenizer = tokenizer;
        training = material.of(Split.SFT);
        validation = material.of(Split.VALIDATION);
        trainingTokens = training.tokens();
        validationTokens = validation.tokens();
        this.writer = writer;
        this.plan = plan;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Map<String, Declaration> manifest() {
        return config.manifest();
    }

    @Override
    public Predicate<String> trainable() {
        return Policy.DECODER;
    }

    @Override
    public Bound bind(Weights weights, Kernels kernels) {
        Policy learner = new Policy(weights, config, tokenizer, kernels, trainingTokens);
        Policy validated = new Policy(weights, config, tokenizer, kernels, validationTokens);
        return new Bound() {
            @Override
            public Loss loss(NDManager scope, SplittableRandom random) throws IOException {
                List<Integer> clips = new ArrayList<>();
                for (int c = 0; c < plan.clips(); c++) {
                    clips.add(random.nextInt(training.size()));
                }
                return Loss.of(kernels, scope, Map.of("explanation", batch(scope, learner, training, clips, random)));
            }

            @Override
            public Map<String, Double> validate(NDManager scope) throws IOException {
                int count = Math.min(VALIDATION_CLIPS, validation.size()) / plan.clips() * plan.clips();
                double loss = 0;
                for (int from = 0; from < count; from += plan.clips()) {
                    List<Integer> clips = new ArrayList<>();
                    for (int c = 0; c < plan.clips(); c++) {
                        clips.add(from + c);
                    }
                    try (NDManager step = scope.newSubManager()) {
                        SplittableRandom random = new SplittableRandom(from);
                        loss += batch(step, validated, validation, clips, random)
                                .getFloat();
                    }
                }
                return Map.of("explanation_minus_loss", -loss * plan.clips() / count);
            }
        };
    }

    private ai.djl.ndarray.NDArray batch(
            NDManager scope, Policy policy, ExperimentClips source, List<Integer> clips, SplittableRandom random)
            throws IOException {
        List<Task> tasks = new ArrayList<>();
        List<int[]> texts = new ArrayList<>();
        for (int clip : clips) {
            tasks.add(source.task(clip, source.truth(clip).oracle()));
            for (int t = 0; t < plan.texts(); t++) {
                texts.add(ids(writer.write(source.truth(clip), random)));
            }
        }
        return policy.loss(scope, tasks, texts);
    }

    private int[] ids(String text) {
        long[] tokens = tokenizer.encode(text);
        int[] ids = Arrays.copyOf(Arrays.stream(tokens).mapToInt(id -> (int) id).toArray(), tokens.length + 1);
        ids[tokens.length] = tokenizer.id(Tokenizer.END);
        return ids;
    }
}
