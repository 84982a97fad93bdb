package io.migr.trainer.reward;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.migr.model.Dominance;
import io.migr.model.Emotion;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ThinkStepRewardTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // one of one sentence that asserts an emotion
                "SAD | the face leads. it is sad. | 1",
                // one of two
                "SAD | it is sad. it is fear! | 0.5",
                // both in one sentence
                "SAD | it is sad and fear. it is fear? | 0.5",
                // a neutral sentence is not counted
                "SAD | it is sad. it is neutral. | 1",
                "SAD | it is neutral. | 0",
                "SAD | maybe sad. | 0",
                "SAD | the face leads. | 0",
                // if the label is neutral, every sentence counts
                "NEUTRAL | the face leads. it is neutral. | 1",
                "NEUTRAL | the face leads. it is sad. | 0.5",
                "NEUTRAL | it is sad. it is sad. it is fear. nothing more | 0.25"
            })
    void isTheShareOfSentencesThatAgreeWithTheLabel(Emotion label, String think, double reward) {
        Target target = Completions.target(label, Dominance.VISUAL);
        Completion bare = Completions.of("<think>" + think + "</think>");
        assertEquals(reward, new ThinkStepReward(Completions.READER).of(target, bare), 1e-12);
    }

    @ParameterizedTest
    @CsvSource({"''", "<think></think>", "<think>it is sad.", "<think>it is sad.</think><think>it is sad.</think>"})
    void withoutAReadableBlockItIsZero(String text) {
        Target target = Completions.target(Emotion.SAD, Dominance.VISUAL);
        assertEquals(0, new ThinkStepReward(Completions.READER).of(target, Completions.of(text)));
    }
}
