package io.migr.streams;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.migr.schemas.AudioFeatures;
import io.migr.schemas.ClipId;
import io.migr.schemas.ClipKey;
import io.migr.schemas.ConsentPurpose;
import io.migr.schemas.ConsentTerms;
import io.migr.schemas.InferenceRequest;
import io.migr.schemas.Topic;
import io.migr.schemas.VisualFeatures;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.apache.kafka.streams.TestOutputTopic;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Halves that the split step wrote wait for each other, however late one of them is read. */
class PairBacklogTest {
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

    private static VisualFeatures visual(ClipId clip, long offset) {
        VisualFeatures half = StreamsDriver.visual(clip);
        half.setClipOffset(offset);
        return half;
    }

    private static AudioFeatures audio(ClipId clip, long offset) {
        AudioFeatures half = StreamsDriver.audio(clip);
        half.setClipOffset(offset);
        return half;
    }

    private static boolean whole(InferenceRequest request) {
        return request.getVisual() != null && request.getAudio() != null;
    }

    @Test
    @Tag("slow")
    void twentyThousandClipsWhoseOtherHalvesComeTenMinutesLaterArePairedAndNoneTwice() {
        long seed = Long.getLong("seed", System.nanoTime());
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        for (boolean visualFirst : new boolean[] {true, false}) {
            String call = visualFirst ? "visual" : "audio";
            int count = visualFirst ? 20_000 : 2_000; // one is enough for the number, both for the sides
            List<ClipId> clips = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                clips.add(new ClipId(call, "p" + i % 100, i / 100L));
            }
            Collections.shuffle(clips, random); // senders may send out of order
            send(clips, visualFirst);
            driver.idle(Duration.ofMinutes(10));
            assertTrue(requests.isEmpty(), "none was sent alone");
            send(clips, !visualFirst);
            List<InferenceRequest> sent = requests.readValuesToList();
            assertEquals(count, sent.size());
            assertTrue(sent.stream().allMatch(PairBacklogTest::whole));
            Set<String> names = new HashSet<>();
            Map<String, Long> last = new HashMap<>();
            for (InferenceRequest request : sent) {
                ClipId clip = request.getClip();
                assertTrue(names.add(ClipKey.name(clip)), "sent twice: " + clip);
                Long before = last.put(ClipKey.of(clip), clip.getSequence());
                assertTrue(before == null || before < clip.getSequence(), "in order");
            }
            assertTrue(driver.deadLetters().isEmpty());
        }
    }

    private void send(List<ClipId> clips, boolean visual) {
        for (int offset = 0; offset < clips.size(); offset++) {
            if (visual) {
                driver.send(visual(clips.get(offset), offset));
            } else {
                driver.send(audio(clips.get(offset), offset));
            }
        }
    }

    @Test
    void aHalfWhoseOtherHalfIsLostIsSentAloneWhenALaterOneWasRead() {
        driver.send(visual(clip(0), 10));
        driver.send(visual(clip(1), 11));
        driver.idle(Duration.ofMinutes(1));
        assertTrue(requests.isEmpty());
        driver.send(audio(clip(1), 11));
        List<InferenceRequest> sent = requests.readValuesToList();
        assertEquals(2, sent.size());
        assertEquals(
                "the audio half was written and could not be used", sent.get(0).getAudioMissing());
        assertTrue(whole(sent.get(1)));
    }

    @Test
    void clipsThatWereSentOutOfOrderAreNotParted() {
        driver.send(visual(clip(5), 10));
        driver.send(visual(clip(3), 11));
        driver.send(audio(clip(5), 10));
        assertTrue(requests.isEmpty(), "3 is written after 5: its audio half is still to come");
        driver.send(audio(clip(3), 11));
        List<InferenceRequest> sent = requests.readValuesToList();
        assertEquals(2, sent.size());
        assertTrue(sent.stream().allMatch(PairBacklogTest::whole));
    }

    @Test
    void aHalfOfAnotherProgramWaitsAsLongAsConfigured() {
        driver.send(visual(clip(0), 10));
        driver.send(StreamsDriver.visual(new ClipId("call", "bob", 0L)));
        driver.pause(2 * StreamsDriver.WAIT_MS);
        InferenceRequest lone = requests.readValue();
        assertEquals("bob", lone.getClip().getParticipantId());
        assertEquals("no audio half came within 1000 ms", lone.getAudioMissing());
        assertTrue(requests.isEmpty());
    }

    @Test
    @Tag("slow")
    void aLostHalfIsWaitedForNoLongerThanItsTopicKeepsIt() {
        driver.send(visual(clip(0), 10));
        driver.idle(Duration.ofDays(7).minusMinutes(1));
        assertTrue(requests.isEmpty());
        driver.idle(Duration.ofMinutes(2));
        assertNull(requests.readValue().getAudio());
    }

    @Test
    void aHalfWhoseTermsEndedMeanwhileIsNotUsedAndHoldsNothingUp() {
        ConsentTerms terms = ConsentTerms.newBuilder()
                .setPurposes(List.of(ConsentPurpose.ANALYSIS))
                .setExpiresAt(Instant.ofEpochMilli(StreamsDriver.START_MS + 60_000))
                .build();
        VisualFeatures visual = visual(clip(0), 10);
        visual.setTerms(terms);
        driver.send(visual);
        driver.send(visual(clip(1), 11));
        driver.idle(Duration.ofMinutes(2));
        AudioFeatures audio = audio(clip(0), 10);
        audio.setTerms(terms);
        driver.send(audio);
        assertNull(driver.deadLetters().readRecord().value());
        assertTrue(requests.isEmpty());
        driver.send(audio(clip(1), 11));
        InferenceRequest next = requests.readValue();
        assertEquals(clip(1), next.getClip());
        assertNotNull(next.getAudio());
    }
}
