package io.migr.corpus;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.migr.features.Prosody;
import io.migr.features.ProsodyMeter;
import org.junit.jupiter.api.Test;

/** Compares voice activity measured by the features module with the truth of the corpus. */
class VoiceActivityTest {

    @Test
    void speechIsDistinguishedFromNoise() {
        int wrong = 0;
        int silent = 0;
        int clips = 150;
        StringBuilder which = new StringBuilder();
        for (int i = 0; i < clips; i++) {
            Clip clip = Clip.of(Split.VALIDATION.seed(i));
            Prosody prosody = ProsodyMeter.measure(clip.samples());
            boolean speaks = clip.truth().voice() != null;
            silent += speaks ? 0 : 1;
            if (prosody.voiceActive() != speaks) {
                wrong++;
                which.append(clip.truth().seed())
                        .append(speaks ? " speaks " : " silent ")
                        .append(prosody.voiceActivity())
                        .append("; ");
            }
        }
        assertTrue(silent > 5, silent + " clips without speech");
        assertTrue(wrong <= 0.01 * clips, wrong + " wrong: " + which);
    }
}
