package io.migr.schemas;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class SoundCodecTest {

    @Test
    void samplesAreLittleEndianSharesOfThePeak() {
        Sound sound = SoundCodec.encode(new float[] {0.5f, -0.25f, 0, -0.5f});
        byte[] written = new byte[8];
        sound.getPcm().duplicate().get(written);
        // 32767 = 0x7fff, -16383.5 rounds up to -16383 = 0xc001, -32767 = 0x8001
        assertArrayEquals(new byte[] {-1, 0x7f, 1, (byte) 0xc0, 0, 0, 1, (byte) 0x80}, written);
        assertEquals(0.5f, sound.getPeak());
    }

    @Test
    void decodedSamplesAreWithinHalfAStepAtAnyLoudness() {
        for (float loudness : new float[] {1, 0.01f, 1e-5f}) {
            SplittableRandom random = new SplittableRandom(1);
            float[] samples = new float[1000];
            for (int i = 0; i < samples.length; i++) {
                samples[i] = (float) (loudness * (2 * random.nextDouble() - 1));
            }
            Sound sound = SoundCodec.encode(samples);
            float[] decoded = SoundCodec.decode(sound, "call/ann/7");
            double most = 0.5 * sound.getPeak() / 32767 + 1e-7 * loudness;
            for (int i = 0; i < samples.length; i++) {
                assertEquals(samples[i], decoded[i], most);
            }
        }
    }

    @Test
    void silenceStaysSilence() {
        Sound sound = SoundCodec.encode(new float[300]);
        assertEquals(0, sound.getPeak());
        assertArrayEquals(new float[300], SoundCodec.decode(sound, "call/ann/7"));
    }

    @Test
    void soundThatCannotBeReadIsRefused() {
        assertTrue(refusal(new Sound(ByteBuffer.allocate(3), 1f)).contains("call/ann/7 has 3 bytes"));
        for (float peak : new float[] {Float.NaN, Float.POSITIVE_INFINITY, -1}) {
            String reason = refusal(new Sound(ByteBuffer.allocate(4), peak));
            assertTrue(reason.contains("call/ann/7 has the peak " + peak), reason);
        }
    }

    private static String refusal(Sound sound) {
        return assertThrows(IllegalArgumentException.class, () -> SoundCodec.decode(sound, "call/ann/7"))
                .getMessage();
    }
}
