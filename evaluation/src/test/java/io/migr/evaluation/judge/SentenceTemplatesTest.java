package io.migr.evaluation.judge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.migr.corpus.text.Phrases.Pool;
import io.migr.evaluation.judge.SentenceTemplates.Frame;
import io.migr.model.Emotion;
import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** No reader is trained on sentences that another one is tested on. */
final class SentenceTemplatesTest {

    private static Set<String> masked(SentenceTemplates frames) {
        Set<String> all = new HashSet<>();
        for (Frame frame : frames.frames()) {
            for (String subject : frames.subjects()) {
                all.add(Mention.masked(frame.fill(subject, Emotion.SAD, "sad", Emotion.FEAR, "fear")
                        .text()));
            }
        }
        return all;
    }

    @Test
    void verifierAndJudgeAreTrainedOnDifferentSentences() {
        Set<String> shared = masked(SentenceTemplates.read("frames-reward.txt"));
        shared.retainAll(masked(SentenceTemplates.read("frames-judge.txt")));
        assertEquals(Set.of(), shared);
    }

    @Test
    void neitherIsTrainedOnThePolicysSentences() {
        Set<String> training = masked(SentenceTemplates.read("frames-reward.txt"));
        training.addAll(masked(SentenceTemplates.read("frames-judge.txt")));
        for (LabelledSentence sentence : PoolSentences.all(Pool.TRAINING)) {
            assertFalse(training.contains(Mention.masked(sentence.text())), sentence.text());
        }
    }

    @Test
    void theJudgeIsNotTrainedOnItsTestSentences() {
        Set<String> stress = new HashSet<>();
        for (String[] line : SentenceTemplates.table("stress.txt")) {
            TextJudge.sentences(line[1]).forEach(sentence -> stress.add(Mention.masked(sentence)));
        }
        stress.remove("@");
        JudgeExamples examples = new JudgeExamples();
        SplittableRandom random = new SplittableRandom(1);
        Set<String> heldOut = new HashSet<>();
        for (int i = 0; i < 5_000; i++) {
            heldOut.add(examples.drawHeldOut(random).text());
        }
        for (int i = 0; i < 20_000; i++) {
            String drawn = examples.drawTraining(random).text();
            assertFalse(stress.contains(Mention.masked(drawn)), drawn);
            assertFalse(heldOut.contains(drawn), drawn);
        }
        assertTrue(heldOut.size() > 1_500, heldOut.size() + " held out");
    }

    @Test
    void framesSayWhichSlotIsAsserted() {
        Frame contrast = new Frame("{s} is {f}, not {e}", false, true);
        assertEquals(
                new LabelledSentence("it is fear, not sad", Set.of(Emotion.FEAR)),
                contrast.fill("it", Emotion.SAD, "sad", Emotion.FEAR, "fear"));
        assertTrue(contrast.asserts());
        assertFalse(new Frame("{s} is not {e}", false, false).asserts());
    }
}
