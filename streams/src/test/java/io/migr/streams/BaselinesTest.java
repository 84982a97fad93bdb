package io.migr.streams;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.migr.schemas.AudioFeatures;
import io.migr.schemas.AvroSerde;
import io.migr.schemas.BaselineClip;
import io.migr.schemas.ClipId;
import io.migr.schemas.Consent;
import io.migr.schemas.ConsentPurpose;
import io.migr.schemas.ConsentTerms;
import io.migr.schemas.FaceCues;
import io.migr.schemas.FaceFrame;
import io.migr.schemas.FaceView;
import io.migr.schemas.InMemorySchemaRegistry;
import io.migr.schemas.InferenceRequest;
import io.migr.schemas.MeasuredUnit;
import io.migr.schemas.ParticipantBaseline;
import io.migr.schemas.SpeechSpan;
import io.migr.schemas.Topic;
import io.migr.schemas.VisualFeatures;
import io.migr.schemas.VoiceCueName;
import io.migr.schemas.VoiceCues;
import io.migr.schemas.VoiceMeasure;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.common.serialization.LongSerializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.streams.TestOutputTopic;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What is usual for a participant comes with each request, and is kept no longer than it may be. */
class BaselinesTest {
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

    private static ClipId clip(long sequence) {
        return new ClipId("call", "ann", sequence);
    }

    /** A visual half with four frames in which the relative units have a value. */
    static VisualFeatures visual(ClipId clip, double value) {
        VisualFeatures half = StreamsDriver.visual(clip);
        half.setCapturedAt(Instant.ofEpochMilli(clip.getSequence()));
        FaceFrame frame = FaceFrame.newBuilder()
                .setTimeMs(0)
                .setPresence(1f)
                .setUsable(true)
                .setView(new FaceView(0f, 0f, 0f, 0.5f, 0.5f, 100f, 0.5f, 1f))
                .setUnits(Stream.of(1, 2, 4, 5, 15, 17, 24)
                        .map(unit -> new MeasuredUnit(unit, (float) value, 0.5f, true, null))
                        .toList())
                .build();
        half.setFace(
                FaceCues.newBuilder().setFrames(Collections.nCopies(4, frame)).build());
        return half;
    }

    /** An audio half with three seconds of speech whose cues have a value. */
    static AudioFeatures audio(ClipId clip, double value) {
        AudioFeatures half = StreamsDriver.audio(clip);
        half.setCapturedAt(Instant.ofEpochMilli(clip.getSequence()));
        VoiceMeasure measure = VoiceMeasure.newBuilder().setValue((float) value).build();
        half.setVoice(VoiceCues.newBuilder()
                .setMeasuredBy("test")
                .setDurationMs(4000)
                .setVoiceActivity(0.75f)
                .setSpeech(List.of(new SpeechSpan(500, 3500)))
                .setNoiseFloor(-60f)
                .setLevel(measure)
                .setF0Median(measure)
                .setF0Percentile95(measure)
                .setF0Range(measure)
                .setFlux(measure)
                .setHammarberg(measure)
                .setCpp(measure)
                .setAlphaRatio(measure)
                .build());
        return half;
    }

    private InferenceRequest request(long sequence, double value) {
        driver.send(visual(clip(sequence), value));
        driver.send(audio(clip(sequence), value));
        return requests.readValue();
    }

    private List<BaselineClip> kept() {
        return driver.baselines();
    }

    @Test
    void theClipsBeforeInTheOrderOfTheirNumbersAreTheBaseline() {
        assertNull(request(0, 0.25).getBaseline());
        request(2, 0.75);
        ParticipantBaseline late = request(1, 0.5).getBaseline();
        assertEquals(1, late.getFace().getClips(), "number 2 comes after number 1");
        ParticipantBaseline usual = request(3, 1).getBaseline();
        assertEquals(3, usual.getFace().getClips());
        assertEquals(0.5f, usual.getFace().getUnits().get(0).getMedian());
        assertEquals(0.25f, usual.getFace().getUnits().get(0).getMad());
        assertEquals(3, usual.getVoice().getClips());
        assertEquals(9f, usual.getVoice().getSpeechSeconds());
        assertEquals(VoiceCueName.LEVEL, usual.getVoice().getCues().get(0).getCue());
        assertEquals(0.5f, usual.getVoice().getCues().get(0).getMedian());
        assertEquals(Instant.EPOCH, usual.getSince());
        driver.send(visual(new ClipId("call", "bob", 9L), 1));
        driver.send(audio(new ClipId("call", "bob", 9L), 1));
        assertNull(requests.readValue().getBaseline(), "another participant's clips do not count");
    }

    /** A participant's numbers are recomputed from what was committed. */
    @Test
    @Tag("slow")
    void itEqualsTheOneRecomputedFromTheRequests() {
        List<InferenceRequest> sent = new ArrayList<>();
        for (int i = 0; i < 120; i++) {
            ClipId clip = clip(i);
            if (i % 3 != 0) {
                driver.send(visual(clip, (i * 7 % 11) / 11.0));
            }
            if (i % 5 != 0) {
                driver.send(audio(clip, i * 5 % 13));
            }
            driver.pause(2 * StreamsDriver.WAIT_MS);
            sent.addAll(requests.readValuesToList());
        }
        assertEquals(112, sent.size());
        List<BaselineClip> earlier = new ArrayList<>();
        for (InferenceRequest request : sent) {
            assertEquals(BaselineRing.before(earlier, request, false), request.getBaseline());
            BaselineRing.numbers(request).ifPresent(earlier::add);
        }
        ParticipantBaseline last = sent.get(sent.size() - 1).getBaseline();
        assertEquals(45, last.getFace().getClips());
        assertEquals(45, last.getVoice().getClips());
    }

    @Test
    @Tag("slow")
    void theStateOfAParticipantIsBounded() {
        IntStream.range(0, 60).forEach(i -> request(i, i % 10));
        assertEquals(45, kept().size());
        int both = driver.baselineBytes();
        // at worst no clip has both a face and a voice
        for (int i = 60; i < 160; i++) {
            if (i % 2 == 0) {
                driver.send(visual(clip(i), 1));
            } else {
                driver.send(audio(clip(i), 1));
            }
            driver.pause(2 * StreamsDriver.WAIT_MS);
        }
        requests.readValuesToList();
        assertEquals(90, kept().size(), "45 of each");
        int apart = driver.baselineBytes();
        System.out.printf("baseline state of a participant: %d bytes, at most %d%n", both, apart);
        assertTrue(apart < 20_000, apart + " bytes");
    }

    @Test
    void aClipWithoutConsentDeletesWhatIsKept() {
        request(0, 0.5);
        request(1, 0.5);
        driver.send(visual(clip(2), 0.5)); // its other half comes after consent has ended
        driver.send("call/ann", StreamsDriver.segment(clip(3), Consent.DENIED, new byte[] {1}));
        assertEquals(
                List.of(true),
                kept().stream().map(BaselineClip::getConsentEnded).toList());
        driver.send(audio(clip(2), 0.5));
        assertNull(requests.readValue().getBaseline());
        assertEquals(1, kept().size(), "numbers from before are not kept when they come late");
        assertNull(request(4, 0.25).getBaseline());
        assertEquals(1, request(5, 1).getBaseline().getFace().getClips(), "after new consent a new one begins");
    }

    @Test
    void aHalfWhoseTermsEndedDeletesWhatIsKept() {
        request(0, 0.5);
        VisualFeatures withdrawn = visual(clip(1), 0.5);
        withdrawn.setTerms(ConsentTerms.newBuilder()
                .setPurposes(List.of(ConsentPurpose.ANALYSIS))
                .setWithdrawnAt(Instant.EPOCH)
                .build());
        driver.send(withdrawn);
        assertNull(request(2, 0.5).getBaseline());
    }

    @Test
    void aRefusedClipIsPairedOnceThereIsConsentAndItsRefusalIsForgotten() {
        driver.send("call/ann", StreamsDriver.segment(clip(0), Consent.DENIED, new byte[] {1}));
        assertEquals(1, driver.deadLetters().readRecordsToList().size());
        assertEquals(clip(0), request(0, 0.5).getClip());
        driver.send("call/ann", StreamsDriver.segment(clip(1), Consent.DENIED, new byte[] {1}));
        driver.idle(Duration.ofMinutes(62));
        assertTrue(kept().isEmpty());
    }

    @Test
    void aClipThatIsRefusedAfterItWasSentIsNotSentAgain() {
        request(0, 0.5);
        driver.send("call/ann", StreamsDriver.segment(clip(0), Consent.DENIED, new byte[] {1}));
        driver.send(visual(clip(0), 0.5));
        driver.pause(2 * StreamsDriver.WAIT_MS);
        assertTrue(requests.isEmpty());
        assertEquals(2, driver.deadLetters().readRecordsToList().size());
    }

    /** Earlier versions stored only when a clip was sent. */
    @Test
    void whatEarlierVersionsStoredCanBeRead() {
        Serde<SentClip> serde = SentClip.serde(AvroSerde.of(BaselineClip.class, new InMemorySchemaRegistry()));
        byte[] before = new LongSerializer().serialize("t", 123L);
        assertEquals(new SentClip(123, true, null), serde.deserializer().deserialize("t", before));
        assertArrayEquals(before, serde.serializer().serialize("t", new SentClip(123, true, null)));
        SentClip refused = new SentClip(
                5, false, BaselineClip.newBuilder().setCapturedAt(Instant.EPOCH).build());
        assertEquals(
                refused,
                serde.deserializer().deserialize("t", serde.serializer().serialize("t", refused)));
    }

    /** A running group refuses a topology with other stores or topics, also when it is started again. */
    @Test
    void theStoresAreThoseOfEarlierVersions() {
        assertEquals(Set.of("seen-clips", "pending-clips", "paired-clips", "timeline-windows"), driver.stores());
    }

    @Test
    void numbersAreDroppedAfterAnHour() {
        request(0, 0.5);
        driver.idle(Duration.ofMinutes(59));
        assertNotNull(request(1, 0.5).getBaseline());
        driver.idle(Duration.ofMinutes(3));
        assertEquals(1, kept().size());
        driver.idle(Duration.ofMinutes(59));
        assertTrue(kept().isEmpty());
        assertNull(request(2, 0.5).getBaseline());
    }
}
