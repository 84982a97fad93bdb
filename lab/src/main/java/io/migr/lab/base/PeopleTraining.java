package io.migr.lab.base;

import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.migr.corpus.Split;
import io.migr.corpus.text.MeasuredRationale;
import io.migr.corpus.text.Phrases;
import io.migr.engine.Kernels;
import io.migr.engine.Kernels.Precision;
import io.migr.engine.SafeTensors.Tensor;
import io.migr.evaluation.measure.Calibration;
import io.migr.model.Dominance;
import io.migr.model.Emotion;
import io.migr.model.analysis.LocalClipAnalyser;
import io.migr.model.checkpoint.EmotionModel;
import io.migr.model.checkpoint.EmotionModelConfig;
import io.migr.model.checkpoint.ModelSizes;
import io.migr.model.cues.Claim;
import io.migr.model.explain.MeasuredCue;
import io.migr.model.explain.Tokenizer;
import io.migr.model.importance.EvidenceTemperature;
import io.migr.model.importance.ImportanceRule;
import io.migr.trainer.sft.PeopleLibrary;
import io.migr.trainer.sft.ReasoningStage;
import io.migr.trainer.sft.StageExamples;
import io.migr.trainer.sft.StageRun;
import io.migr.trainer.sft.StageRun.Plan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Trains the model {@code people} from random weights: cue encoders, evidence heads and decoder on explanations of clips
 * in cue space, then its calibration.
 */
public final class PeopleTraining {
    private static final String NAME = "people";
    private static final double PEAK_LEARNING_RATE = 1e-3;
    private static final int CHECKPOINT = 250;
    private static final int BLOCK_LIMIT = 72;

    /**
     * The amounts of training.
     *
     * @param folder for the checkpoint, {@code metrics.jsonl} and the finished model
     * @param clips clips of the SFT split
     * @param validationClips clips of the validation split, at least 48
     * @param steps of 16 clips
     * @param bfloat whether matrices are multiplied in bfloat16
     */
    public record Settings(Path folder, int clips, int validationClips, int steps, long seed, boolean bfloat) {

        /** The settings of the shipped weights. */
        public static Settings shipped(Path folder) {
            return new Settings(folder, PeopleLibrary.MOST, Split.VALIDATION.size(), 3_500, 21, false);
        }
    }

    private final Settings settings;
    private final Consumer<ObjectNode> progress;

    /**
     * Creates a training that has not started; see {@link #run}.
     *
     * @param progress receives a JSON object at intervals: stage, step, steps, losses and measures
     */
    public PeopleTraining(Settings settings, Consumer<ObjectNode> progress) {
        this.settings = settings;
        this.progress = progress;
    }

    /** The words of the vocabulary. */
    static List<String> words() {
        Set<String> words = new LinkedHashSet<>(MeasuredRationale.vocabulary());
        words.addAll(Arrays.asList(BaseTraining.INSTRUCTION.replace(",", " ,").split(" ")));
        return List.copyOf(words);
    }

    private static EmotionModelConfig config(int vocabulary) {
        return new EmotionModelConfig(
                NAME,
                ModelSizes.people(vocabulary),
                Emotion.DFEW,
                true,
                BaseTraining.INSTRUCTION,
                BaseTraining.PROMPT,
                EvidenceTemperature.same(1),
                new ImportanceRule(1, 0.1, ImportanceRule.DEFAULT_FLOOR),
                BLOCK_LIMIT,
                leads(),
                cues(),
                false);
    }

    /** Every sentence that a block may contain, with what must have been measured. */
    private static List<MeasuredCue> cues() {
        List<MeasuredCue> cues = new ArrayList<>();
        for (Claim claim : Claim.values()) {
            cues.add(MeasuredCue.of(claim.id(), MeasuredRationale.sentences(claim.id(), Phrases.Pool.TRAINING)));
        }
        cues.add(BaseTraining.presence(MeasuredCue.Head.FACE, "SEES", "DOUBTFACE"));
        cues.add(BaseTraining.presence(MeasuredCue.Head.VOICE, "DOUBTVOICE"));
        MeasuredCue laughing = BaseTraining.presence(MeasuredCue.Head.VOICE, "HEARS");
        cues.add(MeasuredCue.of(Claim.LAUGHTER.id(), laughing.sentences()));
        return cues;
    }

    private static Map<Dominance, List<String>> leads() {
        Map<Dominance, List<String>> leads = new EnumMap<>(Dominance.class);
        for (Dominance dominance : Dominance.values()) {
            leads.put(dominance, BaseTraining.lead(dominance));
        }
        return leads;
    }

    /**
     * Runs the steps that have not been completed yet.
     *
     * @return the folder of the model
     */
    public Path run() throws IOException {
        Path folder = settings.folder();
        Path model = folder.resolve(NAME);
        Files.createDirectories(folder);
        Path words = folder.resolve("tokenizer.json");
        Tokenizer.writeWordLevel(words, words());
        Map<String, Tensor> trained;
        EmotionModelConfig config;
        try (Tokenizer tokenizer = Tokenizer.load(words);
                NDManager root = NDManager.newBaseManager(EmotionModel.device("cpu"));
                Kernels kernels = new Kernels(root, Precision.of(settings.bfloat()))) {
            config = config(tokenizer.size());
            StageExamples examples = new StageExamples(
                    new PeopleLibrary(Split.SFT),
                    settings.clips(),
                    new PeopleLibrary(Split.VALIDATION),
                    settings.validationClips());
            ReasoningStage stage = new ReasoningStage(config, MeasuredRationale.SHIPPED, tokenizer, examples);
            Plan plan = new Plan(
                    settings.steps(),
                    PEAK_LEARNING_RATE,
                    Math.min(CHECKPOINT, Math.max(1, settings.steps() / 4)),
                    settings.seed());
            trained = new StageRun(stage, plan, folder, kernels, progress).run(root, Map.of());
        }
        Map<String, Tensor> halves = new LinkedHashMap<>();
        config.manifest().keySet().forEach(name -> {
            Tensor tensor = trained.get(name);
            halves.put(name, Tensor.half(tensor.floats(), tensor.shape()));
        });
        EmotionModel.write(model, config, halves, words());
        EmotionModel.write(model, calibrate(model), halves, words());
        return model;
    }

    private EmotionModelConfig calibrate(Path folder) throws IOException {
        EmotionModel model = EmotionModel.load(folder, "cpu");
        int count = settings.validationClips();
        try (LocalClipAnalyser analyser = new LocalClipAnalyser(model)) {
            return new Calibration(
                            model,
                            analyser,
                            count,
                            done -> progress.accept(JsonNodeFactory.instance
                                    .objectNode()
                                    .put("stage", "calibration")
                                    .put("step", done)
                                    .put("steps", count)))
                    .fit();
        }
    }
}
