package io.migr.evaluation.judge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.migr.corpus.ClipTruth;
import io.migr.corpus.Split;
import io.migr.corpus.text.Phrases.Pool;
import io.migr.corpus.text.Rationale;
import io.migr.evaluation.judge.CueJudge.Evidence;
import io.migr.model.Block;
import io.migr.model.Emotion;
import io.migr.model.Explanation;
import io.migr.model.Explanation.Finish;
import io.migr.model.ReasoningStep;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class CueJudgeTest {

    private static Explanation explanation(String face, String voice, String think) {
        return new Explanation(
                List.of(
                        new ReasoningStep(Block.VISUAL, face, null),
                        new ReasoningStep(Block.AUDIO, voice, null),
                        new ReasoningStep(Block.WEIGHING, think, null)),
                Emotion.DISGUST,
                Finish.STOP,
                "");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // p(12 | y): happy .82, neutral .03, against or other at most .05
                "the lip corners are pulled up. | the audio track holds no speech. | the whole reads as sad. | HAPPY",
                // p(1)p(2): fear and surprise .82^2 each; p(4): fear .82, surprise .015
                "the inner brows rise. the outer brows rise in an arch. the brows are drawn together. | "
                        + "the audio track holds no speech. | so. | FEAR",
                // a sob: sad .36, all others .01, against one unit of a happy face
                "the lip corners are pulled up. the cheeks are raised. | a sob can be heard. | so. | HAPPY",
                "the cheeks are raised. | a sob can be heard. the voice is soft. | so. | SAD",
                // no evidence
                "the face is out of view. | the audio track holds no speech. | so. | NEUTRAL",
                "it is sad. | it is sad. | it is sad. | NEUTRAL",
                "the face is still. | the voice is even. | so. | NEUTRAL"
            })
    void likelihoodsOfClaimedCuesAreMultiplied(String face, String voice, String think, Emotion emotion) {
        assertEquals(emotion, new CueJudge().read(explanation(face, voice, think)));
    }

    @Test
    void withLeadingEvidenceOnlyTheLeadingModalityCounts() {
        Explanation voiceLeads = explanation(
                "the lip corners are pulled up. the cheeks are raised.",
                "a sob can be heard.",
                "the voice leads here. the whole reads as sad.");
        assertEquals(Emotion.HAPPY, new CueJudge(Evidence.ALL).read(voiceLeads));
        assertEquals(Emotion.SAD, new CueJudge(Evidence.LEADING).read(voiceLeads));
    }

    @Test
    void referenceTextGivesTheFloor() {
        int clips = 1_000;
        for (Evidence evidence : Evidence.values()) {
            CueJudge judge = new CueJudge(evidence);
            int right = 0;
            for (int i = 0; i < clips; i++) {
                ClipTruth clip = ClipTruth.of(Split.TEST.seed(i));
                var draft = Rationale.SHIPPED.draft(clip, Pool.TRAINING, new SplittableRandom(i));
                Explanation explanation = new Explanation(draft.steps(), clip.label(), Finish.STOP, draft.text());
                // reference text claims the salient cues, no more and no less
                assertEquals(judge.reference(clip), judge.read(explanation));
                right += judge.reference(clip) == clip.label() ? 1 : 0;
            }
            System.out.printf("%s agree with the label of %.3f of reference texts%n", judge.name(), right / 1e3);
            assertTrue(right > (evidence == Evidence.ALL ? 0.55 : 0.8) * clips);
        }
    }

    @Test
    void kappaIsAgreementBeyondChance() {
        Emotion h = Emotion.HAPPY;
        Emotion s = Emotion.SAD;
        // 3 of 4 alike; by chance 3/4 * 1/2 + 1/4 * 1/2 = 1/2
        assertEquals(0.5, Kappa.of(List.of(h, h, h, s), List.of(h, h, s, s)), 1e-12);
        assertEquals(1, Kappa.of(List.of(h, s), List.of(h, s)), 1e-12);
        assertEquals(-1, Kappa.of(List.of(h, s), List.of(s, h)), 1e-12);
        assertTrue(Double.isNaN(Kappa.of(List.of(h, h), List.of(h, h))));
        assertTrue(Double.isNaN(Kappa.of(List.of(), List.of())));
        assertThrows(IllegalArgumentException.class, () -> Kappa.of(List.of(h), List.of()));
    }
}
