package io.migr.perception.voice;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class SpeechFramesTest {
    /** 32 ms a probability. */
    private static List<Stretch> speech(double... probabilities) {
        float[] chunks = new float[probabilities.length];
        for (int c = 0; c < chunks.length; c++) {
            chunks[c] = (float) probabilities[c];
        }
        int frames = FrameMeter.frames(chunks.length * SileroVad.CHUNK);
        return Stretch.of(SpeechFrames.of(chunks, frames), true);
    }

    @Test
    void speechBeginsAtOneHalfAndGoesOnAbove045() {
        // chunk 2 speaks of 48..80 ms, chunk 4 ends at 144 ms; frame w is centred at 20 + 10 w ms
        assertEquals(List.of(new Stretch(3, 13)), speech(0.1, 0.4, 0.5, 0.48, 0.46, 0.45, 0.4, 0.4, 0.4, 0.4));
    }

    @Test
    void aGapOf32MillisecondsIsClosedAndOneOf96IsNot() {
        assertEquals(1, speech(0, 1, 1, 1, 0, 1, 1, 1, 0).size());
        assertEquals(2, speech(0, 1, 1, 1, 0, 0, 0, 1, 1, 1, 0).size());
    }

    @Test
    void speechOf32MillisecondsIsDropped() {
        assertEquals(List.of(), speech(0, 0, 1, 0, 0, 0));
        assertEquals(1, speech(0, 0, 1, 1, 0, 0).size());
    }
}
