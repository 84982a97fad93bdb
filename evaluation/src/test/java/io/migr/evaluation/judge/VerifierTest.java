package io.migr.evaluation.judge;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.migr.model.Block;
import io.migr.model.Emotion;
import io.migr.model.Explanation;
import io.migr.model.Explanation.Finish;
import io.migr.model.ReasoningStep;
import io.migr.model.verify.ExplanationConsistency;
import io.migr.model.verify.Verifier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("slow")
final class VerifierTest {
    private static final Verifier SHIPPED = Verifier.shipped();

    @AfterAll
    static void close() {
        SHIPPED.close();
    }

    @Test
    void theShippedVerifierReadsThePolicysSentences() {
        VerifierReport report = VerifierReport.of(SHIPPED);
        System.out.println(report);
        assertTrue(report.sufficient(), report.toString());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "the whole reads as sad | SAD",
                "all of it together amounts to neutral | NEUTRAL",
                "the face says fear | FEAR",
                // evidence is not an assertion
                "the lip corners are pulled up, strongly | ''",
                "a sob breaks the voice | ''",
                "the face is still | ''",
                "the voice alone could be several things | ''",
                "the face leads here | ''",
                // denied, left open, both
                "the voice is not angry | ''",
                "the face could be sad or fear | ''",
                "the voice is not angry but sad | SAD",
                "the face is happy and surprise | HAPPY SURPRISE",
                // garbled, as an unfinished policy writes
                "the lip corners can be heard | ''",
                "the whole reads brows happy | HAPPY"
            })
    void readsWhatIsAsserted(String sentence, String emotions) {
        Set<Emotion> set = SHIPPED.emotions(List.of(sentence)).get(0);
        assertEquals(
                emotions, String.join(" ", set.stream().map(Enum::name).sorted().toList()));
    }

    @Test
    void readsTheSameAloneInABatchAndFromSeveralThreads() {
        List<String> sentences = PoolSentences.all(io.migr.corpus.text.Phrases.Pool.JUDGE).stream()
                .map(LabelledSentence::text)
                .limit(200)
                .toList();
        List<Set<Emotion>> together = SHIPPED.emotions(sentences);
        List<Set<Emotion>> alone = IntStream.range(0, sentences.size())
                .parallel()
                .mapToObj(i -> SHIPPED.emotions(sentences.subList(i, i + 1)).get(0))
                .toList();
        assertEquals(together, alone);
        assertEquals(List.of(), SHIPPED.emotions(List.of()));
        String endless = String.join(" ", Arrays.asList(new String[300])) + " the whole reads as sad";
        assertEquals(1, SHIPPED.emotions(List.of(endless)).size());
    }

    @Test
    void trainingIsAFunctionOfTheSeed(@TempDir Path folder) throws IOException {
        for (String name : List.of("one", "two")) {
            new VerifierTraining(3, 12, line -> {}).train(folder.resolve(name));
        }
        for (String file : List.of(Verifier.TENSORS, Verifier.WORDS)) {
            assertArrayEquals(
                    Files.readAllBytes(folder.resolve("one").resolve(file)),
                    Files.readAllBytes(folder.resolve("two").resolve(file)));
        }
        assertTrue(Files.size(folder.resolve("one").resolve(Verifier.TENSORS)) < 1 << 20);
    }

    @ParameterizedTest
    @CsvSource({"0.9989,1,1,1", "1,0.9989,1,1", "1,1,0.979,1", "1,1,1,0.69"})
    void eachScoreCanCauseARefusal(double training, double reward, double judge, double denials) {
        assertTrue(new VerifierReport(0.999, 0.999, 0.98, 0.7).sufficient());
        assertFalse(new VerifierReport(training, reward, judge, denials).sufficient());
    }

    @Test
    void aVerifierThatReadsBadlyIsRefusedAndTheFolderIsUnchanged(@TempDir Path folder) throws IOException {
        Files.writeString(folder.resolve(Verifier.WORDS), "an earlier one's words");
        IllegalStateException refused =
                assertThrows(IllegalStateException.class, () -> new VerifierTraining(3, 2, line -> {}).run(folder));
        assertTrue(
                refused.getMessage()
                        .startsWith("The verifier is not accurate enough to be used: verifier reads exactly: training"),
                refused.getMessage());
        assertTrue(refused.getMessage().contains(VerifierReport.NEEDED), refused.getMessage());
        assertEquals("an earlier one's words", Files.readString(folder.resolve(Verifier.WORDS)));
        try (Stream<Path> left = Files.list(folder)) {
            assertEquals(1, left.count());
        }
    }

    @Test
    void aFolderWithoutAVerifierIsRefused(@TempDir Path folder) {
        IOException refused = assertThrows(IOException.class, () -> Verifier.load(folder));
        assertTrue(refused.getMessage().startsWith("There is no verifier in " + folder), refused.getMessage());
    }

    @Test
    void anExplanationAssertsWhatItsWeighingBlockAsserts() {
        Explanation explanation = new Explanation(
                List.of(
                        new ReasoningStep(Block.AUDIO, "the pitch is low. the voice reads as sad.", null),
                        new ReasoningStep(Block.VISUAL, "the cheeks are raised. the face says happy.", null),
                        new ReasoningStep(Block.WEIGHING, "the voice leads here. the whole reads as sad.", null)),
                Emotion.SAD,
                Finish.STOP,
                "");
        ExplanationConsistency consistency = new ExplanationConsistency(SHIPPED);
        assertEquals(Emotion.SAD, consistency.says(explanation));
        assertEquals(2 / 3.0, consistency.support(explanation, Emotion.SAD), 1e-12);
        assertEquals(1 / 3.0, consistency.support(explanation, Emotion.HAPPY), 1e-12);
        Explanation silent = new Explanation(
                List.of(new ReasoningStep(Block.WEIGHING, "the voice leads here.", null)),
                Emotion.SAD,
                Finish.STOP,
                "");
        assertEquals(null, consistency.says(silent));
        assertTrue(Double.isNaN(consistency.support(silent, Emotion.SAD)));
    }
}
