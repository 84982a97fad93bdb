package io.migr.evaluation.judge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.migr.evaluation.judge.TextJudge.Scope;
import io.migr.model.Block;
import io.migr.model.Emotion;
import io.migr.model.Explanation;
import io.migr.model.Explanation.Finish;
import io.migr.model.ReasoningStep;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TextJudgeTest {
    private static final TextJudge JUDGE = TextJudge.train();

    @Test
    void itReachesItsRequiredScoresAndReadsThePolicysSentences() {
        JudgeReport report = JudgeReport.of(JUDGE);
        System.out.println("text judge: " + report);
        assertTrue(report.sufficient(), report.toString());
        assertTrue(report.policySentences() >= 0.999, report.toString());
        assertTrue(report.policyExplanations() >= 0.99, report.toString());
    }

    @Test
    void aJudgeThatReadsBadlyIsRefusedWithItsScores() {
        IllegalStateException refused =
                assertThrows(IllegalStateException.class, () -> TextJudge.train(TextJudge.SEED, 5));
        assertTrue(
                refused.getMessage()
                        .matches(
                                "The text judge is not accurate enough to be used: it reads 0\\.\\d{4} of held-out .*"
                                        + "it needs 0\\.97 of held-out sentences and explanations and 0\\.90 of the stress set.*"),
                refused.getMessage());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "nothing here reads as sad. | neutral",
                "it could be anger, but the whole reads as fear. | fear",
                "not happy: sad. | sad",
                "the whole amounts to disgust. | disgust",
                "the lip corners are pulled up. a laugh can be heard. | neutral",
                // asserted most often
                "the face reads as sad. the voice reads as fear. the whole reads as sad. | sad",
                // on a tie, the last
                "the face reads as sad. the voice reads as fear. | fear",
                "'' | neutral"
            })
    void theMajorityCountsAndOfEqualsTheLast(String text, String emotion) {
        assertEquals(emotion, JUDGE.read(text).word());
    }

    @Test
    void scopesDifferAndTheAnswerIsNotRead() {
        Explanation explanation = new Explanation(
                List.of(
                        new ReasoningStep(Block.VISUAL, "the cheeks are raised. the face reads as happy.", null),
                        new ReasoningStep(Block.AUDIO, "the voice says happy.", null),
                        new ReasoningStep(Block.WEIGHING, "the voice leads here. the whole amounts to sad.", null)),
                Emotion.ANGRY,
                Finish.STOP,
                "");
        assertEquals(Emotion.SAD, JUDGE.over(Scope.THINK).read(explanation));
        assertEquals(Emotion.HAPPY, JUDGE.over(Scope.CONCAT).read(explanation));
        assertEquals(List.of(Emotion.HAPPY, Emotion.HAPPY, Emotion.SAD), JUDGE.asserted(explanation));
        assertEquals(List.of(Emotion.HAPPY), JUDGE.asserted(explanation, Block.AUDIO));
        assertEquals("text_think", JUDGE.over(Scope.THINK).name());
    }

    @Test
    void featuresOfAMentionDoNotContainItsEmotion() {
        List<Mention> mentions = Mention.of("not happy: Sadness");
        assertEquals(
                List.of(Emotion.HAPPY, Emotion.SAD),
                mentions.stream().map(Mention::emotion).toList());
        assertTrue(mentions.get(0).features().containsAll(List.of("before 1 not", "before in clause not")));
        assertTrue(mentions.get(1).features().contains("before beyond not"));
        assertEquals(
                mentions.get(1).features(), Mention.of("not fear: anger").get(1).features());
        assertEquals("not @ @", Mention.masked("Not happy: sad."));
    }
}
