package io.migr.trainer.reward;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.migr.model.Dominance;
import io.migr.model.Emotion;
import io.migr.model.Modality;
import io.migr.trainer.reward.OrderReward.Form;
import io.migr.trainer.reward.Reward.Credit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class OrderRewardTest {

    @ParameterizedTest
    @CsvSource({
        "VISUAL, VISUAL, NaN, 1, 1",
        "VISUAL, AUDIO, NaN, 0, 0",
        "AUDIO, AUDIO, NaN, 1, 1",
        "AUDIO, VISUAL, NaN, 0, 0",
        "BALANCED, VISUAL, NaN, 1, 1",
        "BALANCED, AUDIO, NaN, 1, 1",
        "VISUAL, VISUAL, 0.8, 1, 0.8",
        "VISUAL, AUDIO, 0.8, 0, 0.2",
        "BALANCED, VISUAL, 0.55, 1, 0.55",
        "AUDIO, AUDIO, 0.1, 1, 0.9"
    })
    void hardComparesAndSoftWeighs(Dominance dominant, Modality first, double share, double hard, double soft) {
        Target target = Completions.target(Emotion.SAD, dominant, share);
        Completion completion = Completions.of(first, "a. b.", "a. b.", "c.", "sad");
        assertEquals(hard, new OrderReward().of(target, completion));
        assertEquals(soft, new OrderReward(Form.SOFT, Credit.SEQUENCE).of(target, completion), 1e-12);
    }

    @Test
    void malformedEarnsNothing() {
        Completion completion = Completions.of("<vis_desc>a.</vis_desc><answer>sad</answer>");
        assertEquals(0, new OrderReward().of(Completions.target(Emotion.SAD, Dominance.BALANCED), completion));
    }

    @Test
    void advantageGoesToTheTokenThatDecides() {
        assertEquals(Credit.ORDER_TOKEN, new OrderReward().credit());
        assertEquals(Credit.SEQUENCE, new OrderReward(Form.HARD, Credit.SEQUENCE).credit());
        assertEquals(Credit.SEQUENCE, new FormatReward().credit());
    }
}
