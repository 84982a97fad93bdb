package io.migr.trainer.grpo;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.migr.engine.AdamW;
import io.migr.engine.Kernels;
import io.migr.engine.SafeTensors.Tensor;
import io.migr.engine.Weights;
import io.migr.model.Block;
import io.migr.model.Dominance;
import io.migr.model.Emotion;
import io.migr.model.ReasoningStep;
import io.migr.model.checkpoint.EmotionModelConfig;
import io.migr.model.checkpoint.ModelSizes;
import io.migr.model.explain.ExplanationGrammar;
import io.migr.model.explain.Tokenizer;
import io.migr.model.importance.ImportanceRule;
import io.migr.model.network.Network;
import io.migr.trainer.reward.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * A language of a few sentences for the smallest network: clip c shows emotion c mod 7, and its parity determines the
 * leading modality; both are encoded in all of its video tokens. Tokenizer, grammar and prompt are the real ones;
 * towers are not needed.
 */
final class Toy implements AutoCloseable {
    private static final String INSTRUCTION = "which emotion";

    final EmotionModelConfig config;
    final Tokenizer tokenizer;
    final ClipTokens tokens = Toy::tokens;

    Toy() throws IOException {
        Path file = Files.createTempFile("toy", ".json");
        Set<String> words = new LinkedHashSet<>(List.of("which", "emotion", "face", "voice", "says", "."));
        Emotion.DFEW.forEach(label -> words.add(label.word()));
        Tokenizer.writeWordLevel(file, words);
        tokenizer = Tokenizer.load(file);
        Files.delete(file);
        config = new EmotionModelConfig(
                "toy",
                ModelSizes.micro(tokenizer.size()),
                Emotion.DFEW,
                true,
                INSTRUCTION,
                "<video> <audio> " + INSTRUCTION,
                1,
                new ImportanceRule(1, 0.1),
                8);
    }

    static Task task(int clip) {
        return new Task(
                clip,
                true,
                // one clip in five has no sound, so that prompts differ in length
                clip % 5 != 0,
                new Target(
                        Emotion.DFEW.get(clip % 7), clip % 2 == 0 ? Dominance.VISUAL : Dominance.AUDIO, Emotion.DFEW));
    }

    static Task draw(SplittableRandom random) {
        return task(random.nextInt(1_000));
    }

    private static ClipTokens.Tokens tokens(NDManager scope, Network network, int[] clips) {
        int hidden = network.config().decoder().hidden();
        return new ClipTokens.Tokens(
                tokens(scope, clips, network.config().videoTokens(), hidden, 1),
                tokens(scope, clips, network.config().audioTokens(), hidden, 2));
    }

    private static NDArray tokens(NDManager scope, int[] clips, int count, int hidden, long kind) {
        float[] values = new float[clips.length * count * hidden];
        for (int c = 0; c < clips.length; c++) {
            SplittableRandom random = new SplittableRandom(clips[c] * 31L + kind);
            for (int i = 0; i < count * hidden; i++) {
                values[c * count * hidden + i] = (float) random.nextGaussian() * 0.1f;
            }
            for (int token = 0; kind == 1 && token < count; token++) {
                int at = (c * count + token) * hidden;
                values[at + clips[c] % 7] += 1;
                values[at + 8 + clips[c] % 2] += 1;
            }
        }
        return scope.create(values, new Shape(clips.length, count, hidden));
    }

    /** The right explanation of a clip; its leading modality comes first in three texts of five. */
    int[] text(int clip, SplittableRandom random) {
        Emotion emotion = Emotion.DFEW.get(clip % 7);
        boolean visual = (clip % 2 == 0) == (random.nextInt(5) > 1);
        List<ReasoningStep> steps = List.of(
                new ReasoningStep(visual ? Block.VISUAL : Block.AUDIO, visual ? "face." : "voice.", null),
                new ReasoningStep(visual ? Block.AUDIO : Block.VISUAL, visual ? "voice." : "face.", null),
                new ReasoningStep(Block.WEIGHING, "face says " + emotion.word() + ".", emotion));
        long[] ids = tokenizer.encode(ExplanationGrammar.render(steps, emotion));
        int[] text = new int[ids.length + 1];
        for (int i = 0; i < ids.length; i++) {
            text[i] = (int) ids[i];
        }
        text[ids.length] = tokenizer.id(Tokenizer.END);
        return text;
    }

    Map<String, Tensor> fresh(NDManager root) {
        try (Weights weights = Weights.random(root, config.manifest(), new SplittableRandom(1))) {
            return weights.tensors(false);
        }
    }

    /**
     * Weights trained on the language, with the right order in three texts of five; four texts share a clip's prompt.
     */
    Map<String, Tensor> train(NDManager root, Kernels kernels, int steps) throws IOException {
        try (Policy policy = new Policy(root, config, tokenizer, "toy", fresh(root), kernels, tokens);
                AdamW optimiser = new AdamW(policy.weights(), Policy.DECODER, kernels, AdamW.Settings.usual())) {
            Kernels.recordGradients(true);
            for (int step = 0; step < steps; step++) {
                SplittableRandom random = new SplittableRandom(step);
                List<Task> tasks = new ArrayList<>();
                List<int[]> texts = new ArrayList<>();
                for (int i = 0; i < 8; i++) {
                    tasks.add(draw(random));
                    for (int k = 0; k < 4; k++) {
                        texts.add(text(tasks.get(i).clip(), random));
                    }
                }
                try (NDManager scope = root.newSubManager()) {
                    Kernels.backward(policy.loss(scope, tasks, texts));
                    optimiser.step(Math.min(5e-3, 1e-3 * (step + 1)));
                }
            }
            return policy.weights().tensors(false);
        } finally {
            Kernels.recordGradients(false);
        }
    }

    /** All weights as text, to compare runs bit for bit. */
    static String bits(Map<String, Tensor> weights) {
        StringBuilder bits = new StringBuilder();
        weights.forEach((name, tensor) -> bits.append(name)
                .append(' ')
                .append(Arrays.hashCode(tensor.floats()))
                .append('\n'));
        return bits.toString();
    }

    @Override
    public void close() {
        tokenizer.close();
    }
}
