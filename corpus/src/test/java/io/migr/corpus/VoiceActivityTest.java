package io.migr.corpus;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.migr.model.ClipInput;
import io.migr.perception.voice.VoicePerception;
import org.junit.jupiter.api.Test;

/** Rendered clips say from the truth whether somebody speaks; the pipeline measures it. They must agree. */
class VoiceActivityTest {

    @Test
    void speechIsDistinguishedFromNoise() {
        int wrong = 0;
        int silent = 0;
        int clips = 150;
        StringBuilder which = new StringBuilder();
        try (VoicePerception perception = new VoicePerception()) {
            for (int i = 0; i < clips; i++) {
                Clip clip = Clip.of(Split.VALIDATION.seed(i));
                float activity = perception.measure(clip.samples()).getVoiceActivity();
                boolean speaks = clip.truth().voice() != null;
                silent += speaks ? 0 : 1;
                if (activity >= ClipInput.VOICE_ACTIVITY != speaks) {
                    wrong++;
                    which.append(clip.truth().seed())
                            .append(speaks ? " speaks " : " silent ")
                            .append(activity)
                            .append("; ");
                }
            }
        }
        assertTrue(silent > 5, silent + " clips without speech");
        assertTrue(wrong <= 0.01 * clips, wrong + " wrong: " + which);
    }
}
