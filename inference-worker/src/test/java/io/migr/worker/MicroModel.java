package io.migr.worker;

import ai.djl.ndarray.NDManager;
import io.migr.engine.Weights;
import io.migr.model.Emotion;
import io.migr.model.checkpoint.EmotionModel;
import io.migr.model.checkpoint.EmotionModelConfig;
import io.migr.model.checkpoint.ModelSizes;
import io.migr.model.explain.Tokenizer;
import io.migr.model.importance.ImportanceRule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;

/** Writes a model of the smallest size: untrained, but its explanations follow the grammar. */
final class MicroModel {
    private static final String INSTRUCTION = "which emotion";

    private MicroModel() {}

    static Path write(Path folder, long seed) throws IOException {
        Set<String> words = new LinkedHashSet<>(List.of("which", "emotion", "face", "voice", "says", "."));
        Emotion.DFEW.forEach(label -> words.add(label.word()));
        Path file = Files.createTempFile("micro", ".json");
        Tokenizer.writeWordLevel(file, words);
        int size;
        try (Tokenizer tokenizer = Tokenizer.load(file)) {
            size = tokenizer.size();
        }
        Files.delete(file);
        EmotionModelConfig config = new EmotionModelConfig(
                "micro",
                ModelSizes.micro(size),
                Emotion.DFEW,
                true,
                INSTRUCTION,
                "<video> <audio> " + INSTRUCTION,
                1,
                new ImportanceRule(1, 0.1),
                4);
        try (NDManager manager = NDManager.newBaseManager("PyTorch");
                Weights weights = Weights.random(manager, config.manifest(), new SplittableRandom(seed))) {
            EmotionModel.write(folder, config, weights.tensors(false), new ArrayList<>(words));
        }
        return folder;
    }
}
