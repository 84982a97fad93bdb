package io.migr.trainer.reward;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.migr.model.Dominance;
import io.migr.model.Emotion;
import io.migr.model.Modality;
import io.migr.trainer.reward.Reward.Credit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class OrderRewardTest {

    @ParameterizedTest
    @CsvSource({
        "VISUAL, VISUAL, 1",
        "VISUAL, AUDIO, 0",
        "AUDIO, AUDIO, 1",
        "AUDIO, VISUAL, 0",
        "BALANCED, VISUAL, 1",
        "BALANCED, AUDIO, 1",
        "NEITHER, VISUAL, 1",
        "NEITHER, AUDIO, 1"
    })
    void theFirstBlockIsComparedWithTheDominantModality(Dominance dominant, Modality first, double reward) {
        Target target = Completions.target(Emotion.SAD, dominant);
        Completion completion = Completions.of(first, "a. b.", "a. b.", "c.", "sad");
        assertEquals(reward, new OrderReward().of(target, completion));
        assertEquals(reward, new OrderReward(Credit.SEQUENCE).of(target, completion));
    }

    @Test
    void malformedEarnsNothing() {
        Completion completion = Completions.of("<vis_desc>a.</vis_desc><answer>sad</answer>");
        assertEquals(0, new OrderReward().of(Completions.target(Emotion.SAD, Dominance.BALANCED), completion));
    }

    @Test
    void advantageGoesToTheTokenThatDecides() {
        assertEquals(Credit.ORDER_TOKEN, new OrderReward().credit());
        assertEquals(Credit.SEQUENCE, new OrderReward(Credit.SEQUENCE).credit());
        assertEquals(Credit.SEQUENCE, new FormatReward().credit());
    }
}
