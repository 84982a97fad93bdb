package io.migr.streams;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.migr.features.MediaRejectedException;
import io.migr.schemas.AudioFeatures;
import io.migr.schemas.CarriedMedia;
import io.migr.schemas.ClipId;
import io.migr.schemas.Frame;
import io.migr.schemas.InferenceRequest;
import io.migr.schemas.LogMelCodec;
import io.migr.schemas.Topic;
import io.migr.schemas.VisualFeatures;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificDatumWriter;
import org.apache.avro.specific.SpecificRecord;
import org.junit.jupiter.api.Test;

/** Halves that the release before sound wrote, with a log-mel, become the requests that it made of them. */
class EarlierHalvesTest {
    private static final String RELEASED = "../schemas/src/test/resources/released/3/";

    /** A record as that release wrote it; its fields are the first ones of today's. */
    private static byte[] earlier(StreamsDriver driver, Topic topic, SpecificRecord record) throws IOException {
        Schema schema =
                new Schema.Parser().parse(new File(RELEASED + record.getClass().getSimpleName() + ".avsc"));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(0);
        out.writeBytes(ByteBuffer.allocate(4)
                .putInt(driver.registry().register(topic.name("migr.") + "-value", schema))
                .array());
        BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(out, null);
        new SpecificDatumWriter<SpecificRecord>(schema).write(record, encoder);
        return out.toByteArray();
    }

    @Test
    void aPairOfThemIsARequestWithTheirLogMel() throws IOException {
        ClipId clip = new ClipId("call", "ann", 0L);
        VisualFeatures visual = StreamsDriver.visual(clip);
        visual.setFrames(List.of(new Frame(20, ByteBuffer.wrap(new byte[] {7}))));
        float[][] logMel = {{1, -0.5f, 0.25f}, {0.75f, -1.5f, 0}};
        AudioFeatures audio = StreamsDriver.audio(clip);
        audio.setMelBins(2);
        audio.setMelFrames(3);
        audio.setLogMel(LogMelCodec.encode(logMel));
        try (StreamsDriver driver = new StreamsDriver(
                media -> {
                    throw new MediaRejectedException("No clip is sent.");
                },
                Map.of())) {
            driver.in(Topic.VISUAL_FEATURES).pipeInput("call/ann", earlier(driver, Topic.VISUAL_FEATURES, visual));
            driver.in(Topic.AUDIO_FEATURES).pipeInput("call/ann", earlier(driver, Topic.AUDIO_FEATURES, audio));
            InferenceRequest request =
                    driver.out(Topic.INFERENCE_REQUESTS, InferenceRequest.class).readValue();
            assertEquals(visual, request.getVisual());
            assertEquals(audio, request.getAudio());
            assertNull(request.getAudio().getSound());
            assertTrue(CarriedMedia.hasSound(request.getAudio()));
        }
    }
}
