package io.migr.lab.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDManager;
import io.migr.engine.Kernels;
import io.migr.engine.SafeTensors.Tensor;
import io.migr.engine.Weights;
import io.migr.model.Emotion;
import io.migr.model.checkpoint.EmotionModelConfig;
import io.migr.model.checkpoint.ModelSizes;
import io.migr.model.explain.Tokenizer;
import io.migr.model.importance.ImportanceRule;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class GrpoBenchmarkTest {
    private static final String INSTRUCTION = "which emotion";

    private static Tokenizer tokenizer(Path file) throws IOException {
        Set<String> words = new LinkedHashSet<>(List.of("which", "emotion", "face", "voice", "says", "."));
        Emotion.DFEW.forEach(label -> words.add(label.word()));
        Tokenizer.writeWordLevel(file, words);
        return Tokenizer.load(file);
    }

    private static EmotionModelConfig config(Tokenizer tokenizer) {
        return new EmotionModelConfig(
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

    private static Map<String, Tensor> untrained(NDManager root, EmotionModelConfig config) {
        try (Weights weights = Weights.random(root, config.manifest(), new SplittableRandom(1))) {
            return weights.tensors(false);
        }
    }

    @Test
    void measuresStepsAndRolloutsAndShowsThatPromptsAreShared(@TempDir Path folder) throws IOException {
        Tokenizer tokenizer = tokenizer(folder.resolve("tokenizer.json"));
        EmotionModelConfig config = config(tokenizer);
        try (NDManager root = NDManager.newBaseManager("PyTorch")) {
            Kernels.recordGradients(false);
            GrpoBenchmark.Measured measured =
                    new GrpoBenchmark(config, tokenizer, untrained(root, config), false, root.getDevice()).run(1);
            assertTrue(measured.stepsPerSecond() > 0, measured.toString());
            assertTrue(measured.rolloutTokensPerSecond() > 0, measured.toString());
            // 12 clips, 8 completions each: a prompt for the samples, one for the reference, one for the policy
            assertEquals(96, measured.completionsPerStep());
            assertEquals(36, measured.promptsPerStep());
        } finally {
            Kernels.recordGradients(true);
        }
    }
}
