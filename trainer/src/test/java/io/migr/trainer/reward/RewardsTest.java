package io.migr.trainer.reward;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.migr.model.Dominance;
import io.migr.model.Emotion;
import io.migr.model.Modality;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class RewardsTest {

    @ParameterizedTest
    @CsvSource({
        "a1, answer format",
        "a2, answer format think_step",
        "a2-gnd, answer format grounded",
        "migr, answer format order grounded",
        "migr-minus-order, answer format grounded",
        "migr-minus-grounded, answer format order",
        "migr-supported, answer format order grounded support substance"
    })
    void setsAreNamed(String label, String names) {
        assertEquals(
                List.of(names.split(" ")),
                Rewards.of(label).with(Completions.READER).stream()
                        .map(Reward::name)
                        .toList());
    }

    @Test
    void anUnknownSetIsRejectedWithAListOfTheKnownOnes() {
        String message = assertThrows(IllegalArgumentException.class, () -> Rewards.of("b2"))
                .getMessage();
        assertEquals(
                "No set of rewards is called b2; there are a1, a2, a2-gnd, migr, migr-minus-order,"
                        + " migr-minus-grounded, migr-supported.",
                message);
    }

    @ParameterizedTest
    @CsvSource({
        "<vis_desc>a.</vis_desc><aud_desc>b.</aud_desc><think>c.</think><answer>sad</answer>, 1",
        "<aud_desc>a.</aud_desc> <vis_desc>b.</vis_desc> <think>c.</think> <answer> sad </answer>, 1",
        "<aud_desc>a.</aud_desc><aud_desc>b.</aud_desc><think>c.</think><answer>sad</answer>, 0",
        "<vis_desc>a.</vis_desc><think>c.</think><answer>sad</answer>, 0",
        "<vis_desc>a.</vis_desc><aud_desc>b.</aud_desc><answer>sad</answer><think>c.</think>, 0",
        "<vis_desc>a.</vis_desc><aud_desc>b.</aud_desc><think>c.</think><answer>tired</answer>, 0",
        "<vis_desc>a.</vis_desc><aud_desc>b.</aud_desc><think>c.</think><answer>sad</answer>so, 0",
        "<vis_desc>a.</vis_desc><aud_desc>b.</aud_desc><think>c.</think><answer>sad, 0"
    })
    void formatIsAllOrNothing(String text, double reward) {
        Target target = Completions.target(Emotion.HAPPY, Dominance.AUDIO);
        assertEquals(reward, new FormatReward().of(target, Completions.of(text)));
    }

    @Test
    void aPerfectCompletionEarnsOneOfEach() {
        Target target = Completions.target(Emotion.SAD, Dominance.AUDIO);
        Completion completion = Completions.of(Modality.AUDIO, "a. maybe.", "b. it is sad.", "c. it is sad.", "sad");
        for (Reward reward : Rewards.MIGR.with(Completions.READER)) {
            assertEquals(1, reward.of(target, completion), reward.name());
        }
    }
}
