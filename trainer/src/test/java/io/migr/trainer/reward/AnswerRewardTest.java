package io.migr.trainer.reward;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.migr.model.Dominance;
import io.migr.model.Emotion;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class AnswerRewardTest {

    @ParameterizedTest
    @CsvSource({
        "DFEW, SAD, <answer>sad</answer>, 1",
        "DFEW, SAD, <answer> Sadness </answer>, 1",
        "DFEW, SAD, <answer>happy</answer>, 0",
        "DFEW, HAPPY, <answer>happiness</answer>, 1",
        "DFEW, ANGRY, <answer>anger</answer>, 1",
        "MAFW, ANGRY, <answer>anger</answer>, 1",
        "MAFW, ANGRY, <answer>angry</answer>, 1",
        "MAFW, HAPPY, <answer>happiness</answer>, 1",
        "MAFW, ANXIETY, <answer>anxious</answer>, 1",
        "MAFW, HELPLESSNESS, <answer>helpless</answer>, 1",
        "MAFW, DISAPPOINTMENT, <answer>disappointed</answer>, 1",
        "MAFW, CONTEMPT, <answer>contemptuous</answer>, 1",
        // no such label among DFEW's seven
        "DFEW, FEAR, <answer>anxious</answer>, 0",
        // a sentence is not an answer, nor is an empty one, nor are two
        "DFEW, SAD, <answer>it is sad</answer>, 0",
        "DFEW, SAD, sad, 0",
        "DFEW, SAD, <answer>sad, 0",
        "DFEW, SAD, <answer>sad</answer><answer>happy</answer>, 0",
        // the format is covered by another reward
        "DFEW, SAD, <think>so</think><answer>sad</answer> more, 1"
    })
    void isOneWhenTheFoldedAnswerIsTheLabel(String set, Emotion label, String text, double reward) {
        Target target = new Target(label, Dominance.VISUAL, set.equals("DFEW") ? Emotion.DFEW : Emotion.MAFW);
        assertEquals(reward, new AnswerReward().of(target, Completions.of(text)));
    }
}
