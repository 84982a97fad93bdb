package io.migr.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.migr.model.Block;
import io.migr.model.Emotion;
import io.migr.model.Explanation;
import io.migr.model.Explanation.Finish;
import io.migr.model.ReasoningStep;
import io.migr.model.explain.ExplanationGrammar;
import io.migr.runtime.config.Configuration;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The verifier that workers use, with the shipped weights. */
final class WorkerVerifierTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "the voice leads here. the whole reads as sad. | SAD",
                "the voice leads here. the whole reads as fear. | FEAR",
                "face and voice agree. | ",
                // sentences that the grammar cannot read
                "the voice leads here. the whole is not fear but sad. | SAD",
                "the voice leads here. the whole is not sad. | ",
            })
    void readsTheConclusionOfTheWeighingBlockWhateverTheAnswer(String weighing, Emotion says) throws IOException {
        List<ReasoningStep> steps = List.of(
                step(Block.AUDIO, "the pitch is low. the voice reads as sad."),
                step(Block.VISUAL, "the face is still. the face alone could be several things."),
                step(Block.WEIGHING, weighing));
        Explanation explanation =
                new Explanation(steps, Emotion.SAD, Finish.STOP, ExplanationGrammar.render(steps, Emotion.SAD));
        try (WorkerVerifier verifier = WorkerVerifier.open(Configuration.of(Map.of()))) {
            assertEquals(says, verifier.says(explanation));
            assertEquals(says, verifier.says(explanation), "the cached reading is the same");
        }
    }

    @Test
    void aFolderWithoutAVerifierIsAnErrorAndNotReplacedByTheShippedOne(@TempDir Path folder) {
        Configuration configuration = Configuration.of(Map.of("verifier.folder", folder.toString()));
        IOException refused = assertThrows(IOException.class, () -> WorkerVerifier.open(configuration));
        assertTrue(refused.getMessage().contains(folder.toString()), refused.getMessage());
    }

    private static ReasoningStep step(Block block, String text) {
        return new ReasoningStep(block, text, ExplanationGrammar.asserted(text, Emotion.DFEW));
    }
}
