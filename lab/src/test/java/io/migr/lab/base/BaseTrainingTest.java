package io.migr.lab.base;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.migr.corpus.RenderedClip;
import io.migr.corpus.Split;
import io.migr.lab.base.BaseTraining.Settings;
import io.migr.model.Analysis;
import io.migr.model.Dominance;
import io.migr.model.ReasoningStep;
import io.migr.model.analysis.LocalClipAnalyser;
import io.migr.model.checkpoint.EmotionModel;
import io.migr.model.checkpoint.ModelSizes;
import io.migr.model.network.LogMel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs all stages at the smallest size; tests the procedure, not the quality of the result. */
@Tag("slow")
class BaseTrainingTest {
    private static final int STEPS = 4;

    @TempDir
    private Path folder;

    private Path train(Path into, Consumer<ObjectNode> progress) throws IOException {
        Settings settings =
                new Settings(into, "micro", ModelSizes::micro, 48, 48, STEPS, STEPS, STEPS, 3, false, null, "cpu");
        return new BaseTraining(settings, progress).run();
    }

    @Test
    void aKilledAndResumedRunEqualsAnUninterruptedOneAndItsModelAnalyses() throws IOException {
        Path whole = train(folder.resolve("whole"), line -> {});
        for (String stage : List.of("vision", "reasoning")) {
            assertThrows(
                    Killed.class,
                    () -> train(folder.resolve("parts"), line -> {
                        if (line.path("stage").asText().equals(stage)
                                && line.path("step").asInt() == STEPS - 1) {
                            throw new Killed();
                        }
                    }));
        }
        Path parts = train(folder.resolve("parts"), line -> {});
        for (String file : List.of("model.safetensors", "config.json", "tokenizer.json")) {
            assertArrayEquals(Files.readAllBytes(whole.resolve(file)), Files.readAllBytes(parts.resolve(file)), file);
        }
        List<String> journal = Files.readAllLines(folder.resolve("parts").resolve("metrics.jsonl"));
        assertEquals(3 * STEPS, journal.size(), "the journal has each step once");
        for (String line : journal) {
            JsonNode json = new ObjectMapper().readTree(line);
            assertTrue(json.path("grad_norm").asDouble() > 0, line);
        }
        EmotionModel model = EmotionModel.load(parts, "cpu");
        try (LocalClipAnalyser analyser = new LocalClipAnalyser(model)) {
            Analysis analysis = analyser.analyse(List.of(
                            RenderedClip.of(Split.TEST.seed(0), new LogMel()).input()))
                    .analyses()
                    .get(0);
            List<ReasoningStep> steps = analysis.explanation().steps();
            assertEquals(3, steps.size());
            // so few steps teach the model nothing, but it still reports its measurements
            Map<Dominance, List<String>> leads = model.config().leads();
            String weighing = steps.get(2).text();
            assertTrue(
                    leads.get(analysis.importance().dominant()).contains(weighing.substring(0, weighing.indexOf('.'))),
                    analysis.importance() + ": " + weighing);
            try (EmotionModel shipped = EmotionModel.load(Path.of("../model/weights/tiny"), "cpu")) {
                assertEquals(shipped.config().leads(), leads);
                assertEquals(shipped.config().cues(), model.config().cues());
            }
        }
    }

    /** Thrown to simulate the end of the process. */
    private static final class Killed extends RuntimeException {
        private static final long serialVersionUID = 1;
    }
}
