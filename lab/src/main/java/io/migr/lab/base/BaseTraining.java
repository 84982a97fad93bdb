package io.migr.lab.base;

import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.migr.corpus.Cue;
import io.migr.corpus.Split;
import io.migr.corpus.text.Phrases;
import io.migr.corpus.text.Rationale;
import io.migr.engine.Kernels;
import io.migr.engine.Kernels.Precision;
import io.migr.engine.SafeTensors;
import io.migr.engine.SafeTensors.Tensor;
import io.migr.evaluation.measure.Calibration;
import io.migr.model.Dominance;
import io.migr.model.Emotion;
import io.migr.model.analysis.LocalClipAnalyser;
import io.migr.model.checkpoint.EmotionModel;
import io.migr.model.checkpoint.EmotionModelConfig;
import io.migr.model.checkpoint.ModelSizes;
import io.migr.model.explain.MeasuredCue;
import io.migr.model.explain.Tokenizer;
import io.migr.model.importance.EvidenceTemperature;
import io.migr.model.importance.ImportanceRule;
import io.migr.model.network.Heads;
import io.migr.model.network.Network;
import io.migr.model.network.VisionTower;
import io.migr.trainer.sft.ExampleStore;
import io.migr.trainer.sft.ReasoningStage;
import io.migr.trainer.sft.StageExamples;
import io.migr.trainer.sft.StageRun;
import io.migr.trainer.sft.StageRun.Plan;
import io.migr.trainer.sft.TrainingStage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.IntFunction;

/** Runs all stages of base training, from corpus seeds to a model folder. */
public final class BaseTraining {
    /** The instruction that the text gate reads and the decoder's prompt contains. */
    static final String INSTRUCTION = "which emotion does this person show, and why";

    static final String PROMPT = "<video> <audio> " + INSTRUCTION;

    /**
     * The amounts of training, the files and the device of a run.
     *
     * @param folder checkpoints, {@code metrics.jsonl}, rendered clips and the finished model
     * @param name of the model
     * @param size maps the number of words of the vocabulary to a network configuration
     * @param clips clips of the SFT split
     * @param validationClips clips of the validation split, at least 48
     * @param bfloat whether matrices are multiplied in bfloat16, 2 to 3 times faster where the processor supports it
     * @param from a model folder to start from; null: random weights
     * @param device {@code cpu}, {@code cuda} or {@code auto}
     */
    public record Settings(
            Path folder,
            String name,
            IntFunction<Network.Config> size,
            int clips,
            int validationClips,
            int visionSteps,
            int audioSteps,
            int reasoningSteps,
            long seed,
            boolean bfloat,
            Path from,
            String device) {

        /** The settings the shipped weights were trained with. */
        public static Settings shipped(Path folder) {
            return new Settings(
                    folder,
                    "tiny",
                    ModelSizes::tiny,
                    Split.SFT.size(),
                    Split.VALIDATION.size(),
                    5_000,
                    5_000,
                    2_400,
                    17,
                    true,
                    null,
                    "cpu");
        }
    }

    private static final double PEAK_LEARNING_RATE = 1e-3;
    /** Intensity (0..1) that an action unit must reach before it may be claimed. */
    private static final double UNIT_BOUND = 0.3;
    /** Distance from the speaker's neutral, in standard deviations, that a claimed prosodic dimension must reach. */
    private static final double PROSODY_BOUND = 0.6;
    /** The distance below which all prosodic dimensions must stay before a voice may be called flat. */
    private static final double EVEN_BOUND = 0.7;

    private final Settings settings;
    private final Consumer<ObjectNode> progress;

    /**
     * Creates a training that has not started; see {@link #run}.
     *
     * @param progress receives a JSON object at intervals: stage, step, steps, losses and measures
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

    /** The configuration before calibration. */
    private EmotionModelConfig config(int vocabulary) {
        return new EmotionModelConfig(
                settings.name(),
                settings.size().apply(vocabulary),
                Emotion.DFEW,
                true,
                INSTRUCTION,
                PROMPT,
                EvidenceTemperature.same(1),
                new ImportanceRule(1, 0.1),
                48,
                leads(),
                cues(),
                true);
    }

    /**
     * The cues that training text names. Decoding allows the sentences of a cue only if the heads measure the cue or,
     * for the last ones, if the modality is present or absent. The bounds were chosen on validation clips: of the
     * claims about action units and prosody that the shipped decoder makes without a constraint, 91 % remain allowed,
     * and half of the false ones.
     */
    private static List<MeasuredCue> cues() {
        List<MeasuredCue> cues = new ArrayList<>();
        for (int unit : Heads.ACTION_UNITS) {
            cues.add(cue("AU" + unit, MeasuredCue.Head.ACTION_UNIT, unit, UNIT_BOUND));
        }
        List<String> dimensions = Cue.dimensions();
        for (int d = 0; d < dimensions.size(); d++) {
            cues.add(cue(dimensions.get(d) + "+", MeasuredCue.Head.RAISED, d, PROSODY_BOUND));
            cues.add(cue(dimensions.get(d) + "-", MeasuredCue.Head.LOWERED, d, PROSODY_BOUND));
        }
        cues.add(cue("FLAT", MeasuredCue.Head.EVEN, -1, EVEN_BOUND));
        cues.add(presence(MeasuredCue.Head.FACE, "STILL", "SEES", "DOUBTFACE"));
        cues.add(presence(MeasuredCue.Head.NO_FACE, "NOFACE"));
        cues.add(presence(
                MeasuredCue.Head.VOICE, "LAUGH", "SOB", "GASP", "GROWL", "SIGH", "SCREAM", "HEARS", "DOUBTVOICE"));
        cues.add(presence(MeasuredCue.Head.NO_VOICE, "NOVOICE"));
        return cues;
    }

    private static MeasuredCue cue(String id, MeasuredCue.Head head, int index, double bound) {
        return new MeasuredCue(head, index, bound, Phrases.sentences(id, Phrases.Pool.TRAINING));
    }

    /** Cues that depend only on whether a modality is present; each sentence is listed up to the emotion it names. */
    static MeasuredCue presence(MeasuredCue.Head head, String... ids) {
        List<String> sentences = Arrays.stream(ids)
                .flatMap(id -> Phrases.sentences(id, Phrases.Pool.TRAINING).stream())
                .map(sentence -> sentence.replace(" {e}", ""))
                .toList();
        return new MeasuredCue(head, -1, 0, sentences);
    }

    /** The sentences of training text that name the leading modality and that measured importance can confirm. */
    private static Map<Dominance, List<String>> leads() {
        Map<Dominance, List<String>> leads = new EnumMap<>(Dominance.class);
        // without an evidence floor no clip is measured as NEITHER, and the vocabulary has no words for it
        for (Dominance dominance : EnumSet.complementOf(EnumSet.of(Dominance.NEITHER))) {
            leads.put(dominance, lead(dominance));
        }
        return leads;
    }

    /** The sentences that name a leading modality, without those that say more than importance measures. */
    static List<String> lead(Dominance dominance) {
        return Phrases.sentences(Rationale.lead(dominance), Phrases.Pool.TRAINING).stream()
                // importance measures that both count equally, not that they agree
                .filter(sentence -> !sentence.endsWith("agree"))
                .toList();
    }

    /**
     * Runs the stages that have not been completed yet.
     *
     * @return the folder of the model
     */
    public Path run() throws IOException {
        Path model = settings.folder().resolve(settings.name());
        Map<String, Tensor> tensors = train();
        EmotionModelConfig uncalibrated;
        try (Tokenizer tokenizer = Tokenizer.load(settings.folder().resolve("tokenizer.json"))) {
            uncalibrated = config(tokenizer.size());
        }
        Map<String, Tensor> float16 = new LinkedHashMap<>();
        tensors.forEach((name, tensor) -> float16.put(name, Tensor.half(tensor.floats(), tensor.shape())));
        EmotionModel.write(model, uncalibrated, float16, words());
        EmotionModel.write(model, calibrate(model), float16, words());
        return model;
    }

    private EmotionModelConfig calibrate(Path folder) throws IOException {
        EmotionModel model = EmotionModel.load(folder, "cpu");
        try (LocalClipAnalyser analyser = new LocalClipAnalyser(model)) {
            int count = settings.validationClips();
            return new Calibration(model, analyser, count, done -> progress.accept(line("calibration", done, count)))
                    .fit();
        }
    }

    private static ObjectNode line(String stage, int step, int steps) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("stage", stage)
                .put("step", step)
                .put("steps", steps);
    }

    private Map<String, Tensor> train() throws IOException {
        Path folder = settings.folder();
        Files.createDirectories(folder);
        Path words = folder.resolve("tokenizer.json");
        Tokenizer.writeWordLevel(words, words());
        Path clips = folder.resolve("clips");
        try (Tokenizer tokenizer = Tokenizer.load(words);
                NDManager root = NDManager.newBaseManager(EmotionModel.device(settings.device()));
                Kernels kernels = new Kernels(root, Precision.of(settings.bfloat()));
                ExampleStore validation = open(clips, Split.VALIDATION, settings.validationClips());
                ExampleStore training = open(clips, Split.SFT, settings.clips())) {
            EmotionModelConfig config = config(tokenizer.size());
            StageExamples examples =
                    new StageExamples(training, settings.clips(), validation, settings.validationClips());
            Map<String, Tensor> tensors =
                    new LinkedHashMap<>(start(config.network().vision()));
            VisionStage vision = new VisionStage(config.network().vision(), examples);
            train(vision, settings.visionSteps(), root, kernels, tensors);
            AudioStage audio = new AudioStage(config.network().audio(), examples);
            train(audio, settings.audioSteps(), root, kernels, tensors);
            ReasoningStage reasoning = new ReasoningStage(config, Rationale.SHIPPED, tokenizer, examples);
            train(reasoning, settings.reasoningSteps(), root, kernels, tensors);
            tensors.keySet().retainAll(config.manifest().keySet());
            return tensors;
        }
    }

    /** The weights to start from; the patch embedding is resized if the pictures have another size. */
    private Map<String, Tensor> start(VisionTower.Config vision) throws IOException {
        if (settings.from() == null) {
            return Map.of();
        }
        Map<String, Tensor> tensors =
                new LinkedHashMap<>(SafeTensors.read(settings.from().resolve("model.safetensors")));
        tensors.computeIfPresent(
                VisionTower.PATCH_EMBEDDING, (name, tensor) -> PatchEmbedding.resize(tensor, vision.patch()));
        return tensors;
    }

    private ExampleStore open(Path folder, Split split, int count) throws IOException {
        int size = settings.size().apply(1).vision().image();
        return ExampleStore.open(
                folder,
                split,
                count,
                size,
                done -> progress.accept(line("render " + split.name().toLowerCase(Locale.ROOT), done, count)));
    }

    private void train(TrainingStage stage, int steps, NDManager root, Kernels kernels, Map<String, Tensor> tensors)
            throws IOException {
        Plan plan = new Plan(steps, PEAK_LEARNING_RATE, Math.min(200, Math.max(1, steps / 4)), settings.seed());
        tensors.putAll(new StageRun(stage, plan, settings.folder(), kernels, progress).run(root, tensors));
    }
}
