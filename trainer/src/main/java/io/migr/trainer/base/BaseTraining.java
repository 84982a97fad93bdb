package io.migr.trainer.base;

import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.migr.corpus.Rationale;
import io.migr.corpus.Split;
import io.migr.model.Emotion;
import io.migr.model.EmotionModel;
import io.migr.model.ImportanceRule;
import io.migr.model.Sizes;
import io.migr.model.Tokenizer;
import io.migr.model.engine.Kernels;
import io.migr.model.engine.SafeTensors.Tensor;
import io.migr.trainer.base.StageRun.Plan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/** All stages of base training, from seeds to a model folder. */
public final class BaseTraining {
    /** What the text gate reads and the decoder is asked. */
    static final String INSTRUCTION = "which emotion does this person show, and why";

    static final String PROMPT = "<video> <audio> " + INSTRUCTION;

    /**
     * How much and where.
     *
     * @param folder checkpoints, {@code metrics.jsonl}, rendered clips and the finished model
     * @param clips clips of the SFT split
     * @param validationClips clips of the validation split, at least 512
     * @param bfloat multiply matrices in bfloat16: 2 to 3 times faster where the processor has it
     */
    public record Settings(
            Path folder,
            int clips,
            int validationClips,
            int visionSteps,
            int audioSteps,
            int reasoningSteps,
            long seed,
            boolean bfloat) {

        /** What the shipped weights were trained with. */
        public static Settings shipped(Path folder) {
            return new Settings(folder, Split.SFT.size(), Split.VALIDATION.size(), 2_500, 2_500, 4_000, 17, true);
        }
    }

    private final Settings settings;
    private final Consumer<ObjectNode> progress;

    /**
     * Prepares a run.
     *
     * @param progress told one JSON object now and then: stage, step, steps, losses and measures
     */
    public BaseTraining(Settings settings, Consumer<ObjectNode> progress) {
        this.settings = settings;
        this.progress = progress;
    }

    /** The words of the shipped vocabulary. */
    static List<String> words() {
        Set<String> words = new LinkedHashSet<>(Rationale.vocabulary());
        words.addAll(List.of(INSTRUCTION.replace(",", " ,").split(" ")));
        return List.copyOf(words);
    }

    /** The configuration of {@code tiny} before calibration. */
    static EmotionModel.Config config(int vocabulary) {
        return new EmotionModel.Config(
                "tiny",
                Sizes.tiny(vocabulary),
                Emotion.DFEW,
                true,
                INSTRUCTION,
                PROMPT,
                1,
                new ImportanceRule(1, 0.1),
                48);
    }

    /**
     * Trains what is not trained yet.
     *
     * @return the folder of the model, uncalibrated
     */
    public Path run() throws IOException {
        Path folder = settings.folder();
        Files.createDirectories(folder);
        Path words = folder.resolve("tokenizer.json");
        Tokenizer.writeWordLevel(words, words());
        Path clips = folder.resolve("clips");
        try (Tokenizer tokenizer = Tokenizer.load(words);
                NDManager root = NDManager.newBaseManager(ai.djl.Device.cpu());
                Kernels kernels = new Kernels(root, settings.bfloat());
                ExampleStore validation = open(clips, Split.VALIDATION, settings.validationClips());
                ExampleStore examples = open(clips, Split.SFT, settings.clips())) {
            EmotionModel.Config config = config(tokenizer.size());
            int count = settings.clips();
            Map<String, Tensor> tensors = new LinkedHashMap<>();
            train(
                    new VisionStage(config.network().vision(), examples, count, validation),
                    settings.visionSteps(),
                    1e-3,
                    root,
                    kernels,
                    tensors);
            train(
                    new AudioStage(config.network().audio(), examples, count, validation),
                    settings.audioSteps(),
                    1e-3,
                    root,
                    kernels,
                    tensors);
            train(
                    new ReasoningStage(config, Rationale.SHIPPED, tokenizer, examples, count, validation),
                    settings.reasoningSteps(),
                    1e-3,
                    root,
                    kernels,
                    tensors);
            Map<String, Tensor> halves = new LinkedHashMap<>();
            tensors.forEach((name, tensor) -> halves.put(name, Tensor.half(tensor.floats(), tensor.shape())));
            Path model = folder.resolve(config.name());
            EmotionModel.write(model, config, halves, words());
            return model;
        }
    }

    private ExampleStore open(Path folder, Split split, int count) throws IOException {
        int size = Sizes.tiny(1).vision().image();
        return ExampleStore.open(
                folder,
                split,
                count,
                size,
                done -> progress.accept(com.fasterxml.jackson.databind.node.JsonNodeFactory.instance
                        .objectNode()
                        .put("stage", "render " + split.name().toLowerCase(java.util.Locale.ROOT))
                        .put("step", done)
                        .put("steps", count)));
    }

    private void train(
            Stage stage, int steps, double peak, NDManager root, Kernels kernels, Map<String, Tensor> tensors)
            throws IOException {
        Plan plan = new Plan(steps, peak, Math.min(100, Math.max(1, steps / 4)), settings.seed());
        tensors.putAll(new StageRun(stage, plan, settings.folder(), kernels, progress).run(root, tensors));
    }
}
