package io.migr.trainer.reward;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.migr.model.Dominance;
import io.migr.model.Emotion;
import io.migr.model.Modality;
import io.migr.model.verify.SentenceVerifier;
import io.migr.trainer.reward.GroundedReward.Form;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class GroundedRewardTest {
    private static final SentenceVerifier READER = Completions.READER;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // label, dominant, face, voice, think; main, mean of three, dominant and think
                // all agree
                "SAD | VISUAL | brows. it is sad. | pitch. it is sad. | it is sad. | 1 | 1 | 1",
                // the voice doubts: rho 1/2, rho0 1
                "SAD | VISUAL | brows. it is sad. | pitch. maybe fear. | it is sad. | 1 | 0.83333333 | 1",
                // the voice asserts another emotion: rho 0, rho0 1 - 1/2
                "SAD | VISUAL | brows. it is sad. | pitch. it is fear. | it is sad. | 0.875 | 0.66666667 | 1",
                // ... and leads: rho(dominant) 0, rho0(face) 1
                "SAD | AUDIO | brows. it is sad. | pitch. it is fear. | it is sad. | 0.5 | 0.66666667 | 0.5",
                // the leading face doubts: 0.5 * 1/2 + 0.25 + 0.25
                "SAD | VISUAL | brows. maybe sad. | pitch. it is sad. | it is sad. | 0.75 | 0.83333333 | 0.75",
                // neutral is an assertion, and here a wrong one
                "SAD | VISUAL | brows. it is neutral. | pitch. it is sad. | it is sad. | 0.5 | 0.66666667 | 0.5",
                // a conclusion that does not conclude is worth nothing
                "SAD | VISUAL | brows. it is sad. | pitch. maybe. | the face leads. | 0.75 | 0.5 | 0.5",
                // two assertions in the leading block, one right; two in four sentences of the other wrong
                "SAD | VISUAL | it is sad. it is fear. | a. b. it is fear. it is angry. | it is sad. | 0.625 | 0.5 | 0.75",
                // balanced: (0.5 * 1 + 0.25 * 1/2 + 0.5 * 0 + 0.25 * 1) / 2 + 0.25
                "SAD | BALANCED | brows. it is sad. | pitch. it is fear. | it is sad. | 0.6875 | 0.66666667 | 0.75",
                // neutral label: face 2/2, voice 1/2, think 2/2
                "NEUTRAL | VISUAL | still. it is neutral. | pitch. it is sad. | a. it is neutral. | 0.875 | 0.83333333 | 1",
                // neutral label: the leading voice 1/2, rho0(face) 1
                "NEUTRAL | AUDIO | still. it is neutral. | pitch. it is sad. | a. it is neutral. | 0.75 | 0.83333333 | 0.75"
            })
    void formsEqualValuesComputedByHand(
            Emotion label,
            Dominance dominant,
            String face,
            String voice,
            String think,
            double main,
            double mean,
            double two) {
        Target target = Completions.target(label, dominant);
        for (Modality first : Modality.values()) {
            Completion completion = Completions.of(first, face, voice, think, "sad");
            assertEquals(main, new GroundedReward(READER).of(target, completion), 1e-8);
            assertEquals(mean, new GroundedReward(READER, Form.MEAN_OF_THREE, 0.5).of(target, completion), 1e-8);
            assertEquals(two, new GroundedReward(READER, Form.DOMINANT_AND_THINK, 0.5).of(target, completion), 1e-8);
        }
    }

    @ParameterizedTest
    @CsvSource({
        // rho(face) 1, rho(voice) 0, rho(think) 1: 2/3 share of the face + 1/3
        "VISUAL, 1",
        "AUDIO, 0.33333333",
        "BALANCED, 0.66666667",
        "NEITHER, 0.66666667"
    })
    void importanceWeighsBlocks(Dominance dominant, double reward) {
        Completion completion = Completions.of(Modality.AUDIO, "it is sad.", "it is fear.", "it is sad.", "sad");
        Target target = Completions.target(Emotion.SAD, dominant);
        assertEquals(reward, new GroundedReward(READER, Form.BY_IMPORTANCE, 0.5).of(target, completion), 1e-8);
    }

    @Test
    void doubtIsWorthMoreThanWrongAndLessThanRight() {
        Target target = Completions.target(Emotion.SAD, Dominance.VISUAL);
        double right = main(target, "brows. it is sad.");
        double doubt = main(target, "brows. maybe sad.");
        double wrong = main(target, "brows. it is fear.");
        assertTrue(right > doubt && doubt > wrong);
        // asserting gains nothing when it is right half of the time
        assertEquals((right + wrong) / 2, doubt, 1e-12);
        // with ERV's value, doubting is as bad as being wrong
        Completion doubting = Completions.of(Modality.VISUAL, "maybe.", "maybe.", "it is sad.", "sad");
        Completion mistaken = Completions.of(Modality.VISUAL, "it is fear.", "maybe.", "it is sad.", "sad");
        GroundedReward erv = new GroundedReward(READER, Form.MAIN, 0);
        assertEquals(erv.of(target, mistaken), erv.of(target, doubting));
    }

    private static double main(Target target, String face) {
        return new GroundedReward(READER)
                .of(target, Completions.of(Modality.VISUAL, face, "pitch. maybe.", "it is sad.", "sad"));
    }

    @Test
    void aMalformedCompletionEarnsNothing() {
        Target target = Completions.target(Emotion.SAD, Dominance.VISUAL);
        assertEquals(0, new GroundedReward(READER).of(target, Completions.of("<think>it is sad.</think>")));
    }

    @Test
    void theValueOfSilenceMustBeInZeroToOne() {
        assertThrows(IllegalArgumentException.class, () -> new GroundedReward(READER, Form.MAIN, 1.5));
    }
}
