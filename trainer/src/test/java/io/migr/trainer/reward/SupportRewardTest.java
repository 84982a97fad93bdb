package io.migr.trainer.reward;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.migr.corpus.ClipTruth;
import io.migr.corpus.Regime;
import io.migr.model.Dominance;
import io.migr.model.Emotion;
import io.migr.model.Modality;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SupportRewardTest {

    /** With one cue, p(e | AU 4) = 0.82 / 2.87 for sad, 0.35 / 2.87 for disgust; p(e | AU 12) = 0.015 / 0.96 for sad. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "the brows are pulled low. it is sad. | maybe. | 0",
                "the lip corners are pulled up. it is sad. | maybe. | -0.5",
                // 0.122 is under 1 / 7
                "the brows are pulled low. it is disgust. | maybe. | -0.5",
                // one of two assertions
                "the brows are pulled low. it is sad. it is happy. | maybe. | -0.25",
                // a cue of the face does not support what the voice block asserts
                "the brows are pulled low. it is sad. | it is sad. | -0.5",
                "the lip corners are pulled up. it is sad. | it is sad. | -1",
                // nothing claimed, neutral asserted
                "it is neutral. | it is neutral. | 0",
                "the brows are pulled low. | maybe. | 0"
            })
    void anAssertionNeedsACueInItsOwnBlock(String face, String voice, double reward) {
        Target target = Completions.target(Emotion.SAD, Dominance.VISUAL);
        for (Modality first : Modality.values()) {
            // the weighing block covers both modalities and is not checked
            Completion completion = Completions.of(first, face, voice, "it is sad.", "sad");
            assertEquals(reward, new SupportReward(Completions.READER).of(target, completion), 1e-9);
        }
        assertEquals(0, new SupportReward(Completions.READER).of(target, Completions.of("it is sad.")));
    }

    /** A speechless clip, one without a face and one that has both. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "VISUAL_DOMINANT | the brows are pulled low. it is sad. | the sound holds no speech. | -0.5",
                // the denial counts, whatever else the block claims
                "VISUAL_DOMINANT | the brows are pulled low. it is sad. | the voice is quiet. the sound holds no speech. | -0.5",
                "VISUAL_DOMINANT | the face is out of view. | the sound holds no speech. | -1",
                "SPEECHLESS | the brows are pulled low. it is sad. | the sound holds no speech. | 0",
                "SPEECHLESS | the brows are pulled low. it is sad. | maybe. | -0.5",
                "FACE_HIDDEN | the face is out of view. | the sound holds no speech. | -0.5",
                "FACE_HIDDEN | the face is out of view. | maybe. | 0"
            })
    void denyingAPresentModalityCosts(Regime regime, String face, String voice, double reward) {
        ClipTruth truth = LongStream.range(0, 1000)
                .mapToObj(ClipTruth::of)
                .filter(clip -> clip.regime() == regime)
                .findFirst()
                .orElseThrow();
        Target target = Target.of(truth, truth.oracle(), Emotion.DFEW);
        Completion completion = Completions.of(Modality.VISUAL, face, voice, "it is sad.", "sad");
        assertEquals(reward, new SupportReward(Completions.READER).of(target, completion), 1e-9);
    }
}
