package io.migr.worker;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.migr.model.ClipInput;
import io.migr.model.network.LogMel;
import io.migr.schemas.AudioFeatures;
import io.migr.schemas.AvroSafety;
import io.migr.schemas.ClipId;
import io.migr.schemas.Frame;
import io.migr.schemas.InferenceRequest;
import io.migr.schemas.LogMelCodec;
import io.migr.schemas.Prosody;
import io.migr.schemas.Sound;
import io.migr.schemas.SoundCodec;
import io.migr.schemas.VisualFeatures;
import io.migr.schemas.VoiceCues;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.avro.specific.SpecificDatumWriter;
import org.junit.jupiter.api.Test;

/** What the model reads of requests with sound, and of those from before it. */
class RequestReaderTest {
    private static final ClipId CLIP = new ClipId("call", "ann", 0L);
    private static final File RELEASED = new File("../schemas/src/test/resources/released/3/InferenceRequest.avsc");

    static {
        AvroSafety.set();
    }

    private static InferenceRequest request(Sound sound, float[][] logMel) {
        return InferenceRequest.newBuilder()
                .setClip(CLIP)
                .setStartMs(0)
                .setDurationMs(1000)
                .setCapturedAt(Instant.EPOCH)
                .setVisual(VisualFeatures.newBuilder()
                        .setClip(CLIP)
                        .setStartMs(0)
                        .setDurationMs(1000)
                        .setCapturedAt(Instant.EPOCH)
                        .setPresent(true)
                        .setFrames(List.of(new Frame(20, ByteBuffer.wrap(new byte[] {7}))))
                        .build())
                .setAudio(AudioFeatures.newBuilder()
                        .setClip(CLIP)
                        .setStartMs(0)
                        .setDurationMs(1000)
                        .setCapturedAt(Instant.EPOCH)
                        .setPresent(true)
                        .setMelBins(logMel.length)
                        .setMelFrames(logMel.length == 0 ? 0 : logMel[0].length)
                        .setLogMel(LogMelCodec.encode(logMel))
                        .setSound(sound)
                        .setProsody(new Prosody(0.4f, 120f, 3f, -20f, null, 0.1f, null))
                        .build())
                .build();
    }

    private static float[] tone(int samples) {
        float[] tone = new float[samples];
        for (int i = 0; i < samples; i++) {
            tone[i] = (float) (0.1 * Math.sin(2 * Math.PI * 440 * i / 16_000));
        }
        return tone;
    }

    @Test
    void theLogMelIsMadeOfTheSound() {
        Sound sound = SoundCodec.encode(tone(16_000));
        float[][] expected = new LogMel().of(SoundCodec.decode(sound, "call/ann/0"));
        assertArrayEquals(
                expected,
                RequestReader.input(request(sound, new float[0][]), true).logMel());
    }

    /** An earlier version of migr wrote no sound. */
    @Test
    void aRequestOfTheReleaseBeforeSoundIsReadAsBefore() throws IOException {
        float[][] logMel = {{1, -0.5f, 0.25f}, {0.75f, -1.5f, 0}};
        InferenceRequest written = request(null, logMel);
        Schema schema = new Schema.Parser().parse(RELEASED);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(out, null);
        new SpecificDatumWriter<InferenceRequest>(schema).write(written, encoder);
        InferenceRequest read = new SpecificDatumReader<InferenceRequest>(schema, InferenceRequest.getClassSchema())
                .read(null, DecoderFactory.get().binaryDecoder(out.toByteArray(), null));
        assertNull(read.getAudio().getSound());
        ClipInput input = RequestReader.input(read, true);
        assertArrayEquals(logMel, input.logMel());
        assertArrayEquals(new byte[] {7}, input.frames().get(0));
        assertTrue(input.voiceActive());
        assertEquals(written, read);
    }

    @Test
    void soundThatIsTooShortIsRefusedWithTheClipsName() {
        Sound sound = SoundCodec.encode(tone(100));
        String reason = assertThrows(
                        IllegalArgumentException.class, () -> RequestReader.input(request(sound, new float[0][]), true))
                .getMessage();
        assertTrue(reason.startsWith("The sound of clip call/ann/0 cannot be used: "), reason);
        assertTrue(reason.contains("given 100"), reason);
    }

    @Test
    void digitalSilenceHasALevelOfMinusInfinityAndIsAnalysed() {
        InferenceRequest request = request(SoundCodec.encode(tone(16_000)), new float[0][]);
        request.getAudio().getProsody().setLevelDb(Float.NEGATIVE_INFINITY);
        RequestReader.input(request, true);
    }

    @Test
    void aMeasureThatIsNoNumberIsRefusedWithItsPlace() {
        InferenceRequest request = request(SoundCodec.encode(tone(16_000)), new float[0][]);
        request.getAudio()
                .setVoice(VoiceCues.newBuilder()
                        .setMeasuredBy("by hand")
                        .setDurationMs(1000)
                        .setVoiceActivity(Float.NaN)
                        .build());
        for (boolean media : new boolean[] {false, true}) {
            assertEquals(
                    "The request of clip call/ann/0 has voice.voiceActivity=NaN, which is not a number.",
                    assertThrows(IllegalArgumentException.class, () -> RequestReader.input(request, media))
                            .getMessage());
        }
    }
}
