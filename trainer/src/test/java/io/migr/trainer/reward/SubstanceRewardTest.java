package io.migr.trainer.reward;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.migr.model.Dominance;
import io.migr.model.Emotion;
import io.migr.model.Modality;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SubstanceRewardTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "the brows are pulled low. it is sad. | the pitch is low. it hurts. | a. b. | 0",
                // one short block of three: - 0.5 / 3
                "it is sad. | the pitch is low. it hurts. | a. b. | -0.16666667",
                "it is sad. | it hurts. | a. | -0.5",
                // one sentence is enough to claim that there is nothing to see
                "the face is out of view. | the pitch is low. it hurts. | a. b. | 0",
                // one sentence of six is repeated: - 0.5 / 6
                "the brows are pulled low. it is sad. | the pitch is low. it is sad. | a. b. | -0.08333333",
                // the same cue in other words, degree aside: two of seven
                "the brows are pulled low. both eyebrows are drawn together, strongly. it is sad. | "
                        + "the pitch is low. the voice pitch is lowered. | a. b. | -0.14285714"
            })
    void penalisesShortBlocksAndRepetition(String face, String voice, String think, double reward) {
        Completion completion = Completions.of(Modality.VISUAL, face, voice, think, "sad");
        Target target = Completions.target(Emotion.SAD, Dominance.VISUAL);
        assertEquals(reward, new SubstanceReward().of(target, completion), 1e-8);
        assertEquals(0, new SubstanceReward().of(target, Completions.of("a.")));
    }
}
