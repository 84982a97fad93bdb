package io.migr.streams;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.migr.schemas.AudioFeatures;
import io.migr.schemas.AvroSerde;
import io.migr.schemas.ClipId;
import io.migr.schemas.Frame;
import io.migr.schemas.InMemorySchemaRegistry;
import io.migr.schemas.InferenceRequest;
import io.migr.schemas.Topic;
import io.migr.schemas.VisualFeatures;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.streams.TestOutputTopic;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Memory for the media of waiting halves is bounded, and every request has its media again. */
class WaitingMediaTest {
    private static final int PICTURE = 200_000;
    private static final int CLIPS = 300;
    /** What is left of a half in the store: as many cues as the largest clip of the other tests has. */
    private static final int STORED = 2_000;

    private StreamsDriver driver;
    private TestOutputTopic<String, InferenceRequest> requests;

    @BeforeEach
    void start() {
        driver = new StreamsDriver(media -> null, Map.of());
        requests = driver.out(Topic.INFERENCE_REQUESTS, InferenceRequest.class);
    }

    @AfterEach
    void stop() {
        driver.close();
    }

    private static ClipId clip(int i) {
        return new ClipId("call", "ann", (long) i);
    }

    private static byte[] picture(int i) {
        byte[] picture = new byte[PICTURE];
        new Random(i).nextBytes(picture);
        return picture;
    }

    /** A half as the split step writes it, with one picture. */
    private static VisualFeatures visual(int i) {
        VisualFeatures half = StreamsDriver.visual(clip(i));
        half.setFrames(List.of(new Frame(0, ByteBuffer.wrap(picture(i)))));
        half.setClipOffset((long) i);
        return half;
    }

    private static AudioFeatures audio(int i) {
        AudioFeatures half = StreamsDriver.audio(clip(i));
        half.setMelFrames(1);
        half.setLogMel(ByteBuffer.wrap(new byte[] {(byte) i}));
        half.setClipOffset((long) i);
        return half;
    }

    private static void assertMedia(int i, InferenceRequest request) {
        assertEquals(clip(i), request.getClip());
        assertArrayEquals(
                picture(i), request.getVisual().getFrames().get(0).getJpeg().array());
        assertEquals((byte) i, request.getAudio().getLogMel().get(0));
    }

    @Test
    void theStoreHoldsNoMediaAndMemoryOnlyThatOfTheNewestHalves() {
        for (int i = 0; i < CLIPS; i++) {
            driver.send(visual(i));
        }
        List<Integer> stored = driver.waitingBytes();
        assertEquals(CLIPS, stored.size());
        assertTrue(stored.stream().allMatch(bytes -> bytes < STORED), stored.toString());
        assertEquals(0, driver.readAgain());
        for (int i = 0; i < CLIPS; i++) {
            driver.send(audio(i));
            assertMedia(i, requests.readValue());
        }
        int inMemory = CLIPS - driver.readAgain();
        System.out.printf(
                "%d halves of %d bytes waited: %d bytes each in the store, the last %d in memory%n",
                CLIPS, PICTURE, stored.get(0), inMemory);
        assertTrue(inMemory * (long) PICTURE <= WaitingMedia.RECENT_BYTES, "kept in memory: " + inMemory);
        assertTrue(driver.deadLetters().isEmpty());
    }

    @Test
    void halvesThatArriveTogetherAreNotReadAgain() {
        for (int i = 0; i < CLIPS; i++) {
            driver.send(visual(i));
            driver.send(audio(i));
            assertMedia(i, requests.readValue());
        }
        assertEquals(0, driver.readAgain());
    }

    @Test
    void aHalfThatItsTopicNoLongerKeepsHasOnlyItsCuesLeft() {
        for (int i = 0; i < CLIPS; i++) {
            driver.send(visual(i));
        }
        driver.deleteHalves();
        driver.send(audio(0));
        InferenceRequest request = requests.readValue();
        assertTrue(request.getVisual().getPresent());
        assertEquals(List.of(), request.getVisual().getFrames());
        assertNotNull(request.getAudio());
    }

    @Test
    void manyLoneHalvesThatAreDueAtOnceAreSentInSeveralTicksEachOnceAndInOrder() {
        int count = 1_200;
        for (int i = 0; i < count; i++) {
            driver.send(StreamsDriver.visual(clip(i)));
        }
        driver.send(StreamsDriver.audio(clip(count - 1)));
        driver.jump(Duration.ofMillis(StreamsDriver.WAIT_MS));
        assertTrue(requests.getQueueSize() < count, "sent in one transaction: " + requests.getQueueSize());
        driver.pause(2 * StreamsDriver.WAIT_MS);
        List<InferenceRequest> sent = requests.readValuesToList();
        assertEquals(count, sent.size());
        for (int i = 0; i < count; i++) {
            assertEquals(clip(i), sent.get(i).getClip());
            assertEquals(i == count - 1, sent.get(i).getAudio() != null);
        }
    }

    @Test
    void aClipThatAnEarlierVersionStoredIsReadWithItsMedia() {
        Serde<InferenceRequest> earlier = AvroSerde.of(InferenceRequest.class, new InMemorySchemaRegistry());
        Serde<WaitingClip> serde = WaitingClip.serde(earlier);
        InferenceRequest stored = RequestBuilder.of(clip(7), visual(7), null);
        WaitingClip read =
                serde.deserializer().deserialize("t", earlier.serializer().serialize("t", stored));
        assertEquals(new WaitingClip(stored, null, null), read);
        WaitingClip whole = read.with(new Half(null, audio(7)), 40);
        assertEquals(
                PICTURE,
                whole.request().getVisual().getFrames().get(0).getJpeg().remaining());
        assertEquals(0, whole.request().getAudio().getLogMel().remaining());
        assertNull(whole.visualOffset());
        assertEquals(40, whole.audioOffset());
        assertEquals(
                whole, serde.deserializer().deserialize("t", serde.serializer().serialize("t", whole)));
    }
}
