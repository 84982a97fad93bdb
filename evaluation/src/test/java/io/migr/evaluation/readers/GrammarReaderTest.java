package io.migr.evaluation.readers;

import static io.migr.model.Emotion.ANGRY;
import static io.migr.model.Emotion.HAPPY;
import static io.migr.model.Emotion.SAD;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.migr.evaluation.judge.Judge;
import io.migr.model.Block;
import io.migr.model.Emotion;
import io.migr.model.Explanation;
import io.migr.model.ReasoningStep;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the exact reader finds, sentence by sentence. */
final class GrammarReaderTest {
    private static final GrammarReader READER = new GrammarReader(Emotion.DFEW);

    private static Statement read(String visual, String audio, String think) {
        List<ReasoningStep> steps = List.of(
                new ReasoningStep(Block.VISUAL, visual, null),
                new ReasoningStep(Block.AUDIO, audio, null),
                new ReasoningStep(Block.WEIGHING, think, null));
        return READER.read(new Explanation(steps, SAD, Explanation.Finish.STOP, ""));
    }

    @Test
    void assertionsComeInTextOrder() {
        Statement statement = read(
                "the brows are pulled low. the face says angry.",
                "a sob can be heard. the voice says sad.",
                "what is heard leads here. all of it together reads as sad.");
        assertEquals(List.of(ANGRY, SAD, SAD), statement.asserted());
        assertEquals(SAD, statement.think());
        assertEquals(SAD, statement.whole());
        assertEquals(ANGRY, statement.first());
    }

    @Test
    void doubtAssertsNothing() {
        Statement statement =
                read("the face alone could be angry or sad.", "the voice is not happy.", "face and voice agree.");
        assertEquals(List.of(), statement.asserted());
        assertNull(statement.think());
        assertNull(statement.whole());
        assertNull(statement.first());
    }

    @Test
    void ofEquallyFrequentEmotionsTheLastOneCounts() {
        assertEquals(SAD, Judge.mostFrequent(Arrays.asList(HAPPY, SAD)));
        assertEquals(HAPPY, Judge.mostFrequent(Arrays.asList(HAPPY, SAD, HAPPY)));
        assertEquals(HAPPY, Judge.mostFrequent(Arrays.asList(SAD, HAPPY, SAD, HAPPY)));
    }

    @Test
    void theWeighingBlocksLastAssertionIsItsConclusion() {
        assertEquals(
                HAPPY,
                read("still.", "still.", "the face says sad. all of it reads as happy.")
                        .think());
    }
}
