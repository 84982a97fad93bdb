package io.migr.schemas;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class LogMelCodecTest {

    private static AudioFeatures audio(int bins, int frames, ByteBuffer logMel) {
        return AudioFeatures.newBuilder()
                .setClip(new ClipId("call", "ann", 7L))
                .setStartMs(0)
                .setDurationMs(20)
                .setCapturedAt(Instant.EPOCH)
                .setPresent(true)
                .setMelBins(bins)
                .setMelFrames(frames)
                .setLogMel(logMel)
                .build();
    }

    @Test
    void binsFollowEachOtherLittleEndian() {
        ByteBuffer bytes = LogMelCodec.encode(new float[][] {{1, -2}, {0.5f, 0}});
        byte[] written = new byte[bytes.remaining()];
        bytes.duplicate().get(written);
        // 1 = 0x3c00, -2 = 0xc000, 0.5 = 0x3800
        assertArrayEquals(new byte[] {0, 0x3c, 0, (byte) 0xc0, 0, 0x38, 0, 0}, written);
    }

    @Test
    void whatIsEncodedIsDecoded() {
        float[][] logMel = {{1, -2, 0.25f}, {-0.75f, 0, 1.5f}};
        assertArrayEquals(logMel, LogMelCodec.decode(audio(2, 3, LogMelCodec.encode(logMel)), "call/ann/7"));
    }

    @Test
    void noBinsAreNoBytes() {
        assertEquals(0, LogMelCodec.encode(new float[0][]).remaining());
    }

    @Test
    void bytesThatDoNotFitBinsAndFramesAreRefused() {
        ByteBuffer bytes = LogMelCodec.encode(new float[][] {{1, 2}, {3, 4}});
        String reason = refusal(audio(2, 3, bytes));
        assertTrue(reason.contains("call/ann/7 has 8 bytes, but 2 bins of 3 half floats need 12"), reason);
        assertTrue(refusal(audio(0, 0, ByteBuffer.allocate(0))).contains("0 bins of 0 half floats"));
        assertTrue(refusal(audio(-2, -2, bytes)).contains("-2 bins of -2 half floats"));
    }

    @Test
    void valuesThatAreNotFiniteAreRefused() {
        for (float value : new float[] {Float.NaN, Float.NEGATIVE_INFINITY, 70_000}) {
            String reason = refusal(audio(1, 1, LogMelCodec.encode(new float[][] {{value}})));
            assertTrue(reason.contains("call/ann/7 has a value that is not finite"), reason);
        }
    }

    private static String refusal(AudioFeatures audio) {
        return assertThrows(IllegalArgumentException.class, () -> LogMelCodec.decode(audio, "call/ann/7"))
                .getMessage();
    }
}
