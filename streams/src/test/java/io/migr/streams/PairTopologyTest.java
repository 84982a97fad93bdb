package io.migr.streams;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.migr.runtime.kafka.DeadLetters;
import io.migr.schemas.AudioFeatures;
import io.migr.schemas.ClipId;
import io.migr.schemas.ConsentPurpose;
import io.migr.schemas.ConsentTerms;
import io.migr.schemas.Frame;
import io.migr.schemas.InferenceRequest;
import io.migr.schemas.Topic;
import io.migr.schemas.VisualFeatures;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.apache.kafka.streams.TestOutputTopic;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class PairTopologyTest {
    private static final StreamsDriver DRIVER = new StreamsDriver(media -> null, java.util.Map.of());
    private static final TestOutputTopic<String, InferenceRequest> REQUESTS =
            DRIVER.out(Topic.INFERENCE_REQUESTS, InferenceRequest.class);
    private static final TestOutputTopic<String, byte[]> DEAD = DRIVER.deadLetters();
    private static int calls;

    @AfterAll
    static void close() {
        DRIVER.close();
    }

    /** Events: halves of two clips of a participant, a short pause, and one long enough for a wait to expire. */
    private enum Event {
        VISUAL_0,
        AUDIO_0,
        VISUAL_1,
        AUDIO_1,
        PAUSE,
        EXPIRE
    }

    /** The results that the documented guarantees require, derived from the events alone. */
    private static final class Expectation {
        private record Waiting(boolean[] halves, long since) {}

        private final TreeMap<Integer, Waiting> waiting = new TreeMap<>();
        private final List<Integer> left = new ArrayList<>();
        private final List<Boolean> whole = new ArrayList<>();
        private int dead;
        private long now;

        void apply(Event event) {
            switch (event) {
                case PAUSE -> tick(StreamsDriver.WAIT_MS / 4);
                case EXPIRE -> tick(2 * StreamsDriver.WAIT_MS);
                case VISUAL_0, AUDIO_0, VISUAL_1, AUDIO_1 -> half(event.ordinal() / 2, event.ordinal() % 2);
            }
        }

        private void half(int clip, int kind) {
            Waiting known = waiting.get(clip);
            if (left.contains(clip) || (known != null && known.halves()[kind])) {
                dead++;
                return;
            }
            if (known == null) {
                known = new Waiting(new boolean[2], now);
                waiting.put(clip, known);
            }
            known.halves()[kind] = true;
            leave();
        }

        private void tick(long ms) {
            now += ms;
            leave();
        }

        private void leave() {
            while (!waiting.isEmpty()) {
                Waiting first = waiting.firstEntry().getValue();
                boolean complete = first.halves()[0] && first.halves()[1];
                if (!complete && first.since() > now - StreamsDriver.WAIT_MS) {
                    return;
                }
                whole.add(complete);
                left.add(waiting.pollFirstEntry().getKey());
            }
        }
    }

    @Test
    void everySequenceOfUpToFourEventsGivesOneRequestPerClipInOrder() {
        int runs = 0;
        for (int length = 1; length <= 4; length++) {
            int sequences = (int) Math.pow(Event.values().length, length);
            for (int code = 0; code < sequences; code++) {
                List<Event> events = new ArrayList<>();
                for (int rest = code, i = 0; i < length; i++, rest /= Event.values().length) {
                    events.add(Event.values()[rest % Event.values().length]);
                }
                run(events);
                runs++;
            }
        }
        assertEquals(6 + 36 + 216 + 1296, runs);
    }

    private static void run(List<Event> events) {
        Expectation expected = new Expectation();
        String call = "call" + calls++;
        for (Event event : events) {
            ClipId clip = new ClipId(call, "ann", (long) event.ordinal() / 2);
            switch (event) {
                case VISUAL_0, VISUAL_1 -> DRIVER.send(StreamsDriver.visual(clip));
                case AUDIO_0, AUDIO_1 -> DRIVER.send(StreamsDriver.audio(clip));
                case PAUSE -> DRIVER.pause(StreamsDriver.WAIT_MS / 4);
                case EXPIRE -> DRIVER.pause(2 * StreamsDriver.WAIT_MS);
            }
            expected.apply(event);
        }
        expected.apply(Event.EXPIRE);
        DRIVER.pause(2 * StreamsDriver.WAIT_MS);
        List<InferenceRequest> requests = REQUESTS.readValuesToList();
        assertEquals(
                expected.left,
                requests.stream()
                        .map(request -> (int) request.getClip().getSequence())
                        .toList(),
                events.toString());
        for (int i = 0; i < requests.size(); i++) {
            InferenceRequest request = requests.get(i);
            boolean whole = request.getVisual() != null && request.getAudio() != null;
            assertEquals(expected.whole.get(i), whole, events.toString());
            assertEquals(request.getVisual() == null, request.getVisualMissing() != null, events.toString());
            assertEquals(request.getAudio() == null, request.getAudioMissing() != null, events.toString());
        }
        assertEquals(expected.dead, DEAD.readRecordsToList().size(), events.toString());
    }

    @Test
    void aRestartDoesNotSeparateHalves() {
        try (StreamsDriver restarted = new StreamsDriver(media -> null, java.util.Map.of())) {
            ClipId clip = new ClipId("restart", "ann", 0L);
            restarted.restore(StreamsDriver.visual(clip));
            restarted.pause(StreamsDriver.WAIT_MS / 2);
            restarted.send(StreamsDriver.audio(clip));
            TestOutputTopic<String, InferenceRequest> requests =
                    restarted.out(Topic.INFERENCE_REQUESTS, InferenceRequest.class);
            InferenceRequest request = requests.readValue();
            assertTrue(request.getVisual() != null && request.getAudio() != null);
            assertTrue(requests.isEmpty());

            restarted.restore(StreamsDriver.visual(new ClipId("restart", "ann", 1L)));
            restarted.pause(StreamsDriver.WAIT_MS);
            assertEquals(null, requests.readValue().getAudio(), "a half that stays alone also gets its request");
        }
    }

    @Test
    void aForwardClockJumpSeparatesNoHalvesAndForgetsNoRequest() {
        try (StreamsDriver jumping = new StreamsDriver(media -> null, java.util.Map.of())) {
            TestOutputTopic<String, InferenceRequest> requests =
                    jumping.out(Topic.INFERENCE_REQUESTS, InferenceRequest.class);
            ClipId before = new ClipId("jump", "ann", 0L);
            jumping.send(StreamsDriver.visual(before));
            jumping.send(StreamsDriver.audio(before));
            ClipId parted = new ClipId("jump", "ann", 1L);
            jumping.send(StreamsDriver.visual(parted));
            jumping.jump(Duration.ofDays(1));
            jumping.pause(StreamsDriver.WAIT_MS / 2);
            jumping.send(StreamsDriver.audio(parted));
            List<InferenceRequest> left = requests.readValuesToList();
            assertEquals(2, left.size());
            assertTrue(left.get(1).getVisual() != null && left.get(1).getAudio() != null);
            jumping.pause(Duration.ofMinutes(2).toMillis());
            jumping.send(StreamsDriver.audio(before)); // a second time, after the request was sent
            jumping.pause(2 * StreamsDriver.WAIT_MS);
            assertTrue(requests.isEmpty(), "a request was sent twice");
            assertEquals(1, jumping.deadLetters().readRecordsToList().size());
        }
    }

    @Test
    void participantsDoNotWaitForEachOther() {
        DRIVER.send(StreamsDriver.visual(new ClipId("both", "ann", 0L)));
        DRIVER.send(StreamsDriver.visual(new ClipId("both", "bob", 3L)));
        DRIVER.send(StreamsDriver.audio(new ClipId("both", "bob", 3L)));
        assertEquals("both/bob", REQUESTS.readKeyValue().key);
        DRIVER.pause(3 * StreamsDriver.WAIT_MS);
        InferenceRequest lone = REQUESTS.readValue();
        assertEquals("no audio half came within 1000 ms", lone.getAudioMissing());
    }

    @Test
    void halvesThatCannotBeUsedAreDeadLetters() {
        DRIVER.in(Topic.VISUAL_FEATURES).pipeInput("c/p", new byte[] {1, 2, 3});
        var damaged = DEAD.readRecord();
        assertTrue(DeadLetters.reason(damaged.headers()).contains("Confluent wire format"));
        assertNull(damaged.value(), "its terms cannot be read");
        byte[] audio =
                DRIVER.bytes(Topic.AUDIO_FEATURES, AudioFeatures.class, StreamsDriver.audio(new ClipId("c", "p", 0L)));
        DRIVER.in(Topic.AUDIO_FEATURES).pipeInput("elsewhere", audio);
        assertTrue(DeadLetters.reason(DEAD.readRecord().headers()).contains("Its key must be \"c/p\""));
        byte[] visual = DRIVER.bytes(
                Topic.VISUAL_FEATURES, VisualFeatures.class, StreamsDriver.visual(new ClipId("c/d", "p", 0L)));
        DRIVER.in(Topic.VISUAL_FEATURES).pipeInput("c/d/p", visual);
        assertTrue(DeadLetters.reason(DEAD.readRecord().headers()).contains("must not be empty or contain '/'"));
        DRIVER.send(StreamsDriver.visual(new ClipId("c", "p", -1L)));
        assertTrue(DeadLetters.reason(DEAD.readRecord().headers()).contains("has the sequence number -1"));
        assertTrue(REQUESTS.isEmpty());
    }

    @Test
    void sequenceNumbersUpToTheLargestArePaired() {
        for (long sequence : new long[] {0, 1_700_000_000_000_000_000L, Long.MAX_VALUE}) {
            DRIVER.send(StreamsDriver.visual(new ClipId("nano", "ann", sequence)));
            DRIVER.send(StreamsDriver.audio(new ClipId("nano", "ann", sequence)));
            assertEquals(sequence, REQUESTS.readValue().getClip().getSequence());
        }
    }

    /** Each half is allowed; both together are not. A clip that waits behind them is sent. */
    @Test
    void halvesWhoseRequestWouldBeTooLargeAreOneDeadLetter() {
        ClipId clip = new ClipId("large", "ann", 0L);
        VisualFeatures visual = StreamsDriver.visual(clip);
        visual.setFrames(List.of(new Frame(0, ByteBuffer.allocate(Topic.MAX_MESSAGE_BYTES / 2))));
        AudioFeatures audio = StreamsDriver.audio(clip);
        audio.setLogMel(ByteBuffer.allocate(Topic.MAX_MESSAGE_BYTES / 2));
        DRIVER.send(visual);
        DRIVER.send(StreamsDriver.visual(new ClipId("large", "ann", 1L)));
        DRIVER.send(StreamsDriver.audio(new ClipId("large", "ann", 1L)));
        DRIVER.send(audio);
        String reason = DeadLetters.reason(DEAD.readRecord().headers());
        assertTrue(reason.startsWith("The request of clip large/ann/0 with its audio half and the other one"), reason);
        assertEquals(1, REQUESTS.readValue().getClip().getSequence());
        assertTrue(DEAD.isEmpty() && REQUESTS.isEmpty());
    }

    @Test
    void aHalfThatIsTooLargeForARequestIsOneDeadLetter() {
        VisualFeatures visual = StreamsDriver.visual(new ClipId("huge", "ann", 0L));
        visual.setFrames(List.of(new Frame(0, ByteBuffer.allocate(Topic.MAX_MESSAGE_BYTES - 1000))));
        DRIVER.send(visual);
        String reason = DeadLetters.reason(DEAD.readRecord().headers());
        assertTrue(reason.startsWith("The request of clip huge/ann/0 with its visual half would have"), reason);
        DRIVER.pause(2 * StreamsDriver.WAIT_MS);
        assertTrue(REQUESTS.isEmpty());
    }

    @Test
    void requestsHaveTheTimeOfThePairStep() {
        ClipId clip = new ClipId("time", "ann", 0L);
        for (long time : new long[] {1, Long.MAX_VALUE / 2}) {
            DRIVER.in(Topic.VISUAL_FEATURES)
                    .pipeInput(
                            "time/ann",
                            DRIVER.bytes(Topic.VISUAL_FEATURES, VisualFeatures.class, StreamsDriver.visual(clip)),
                            time);
            DRIVER.in(Topic.AUDIO_FEATURES)
                    .pipeInput(
                            "time/ann",
                            DRIVER.bytes(Topic.AUDIO_FEATURES, AudioFeatures.class, StreamsDriver.audio(clip)),
                            time);
            long sent = REQUESTS.readRecord().timestamp();
            assertTrue(sent >= StreamsDriver.START_MS && sent < StreamsDriver.START_MS + 86_400_000, "at " + sent);
            clip = new ClipId("time", "ann", 1L);
        }
    }

    private static ConsentTerms terms(ConsentPurpose... purposes) {
        return ConsentTerms.newBuilder()
                .setPurposes(List.of(purposes))
                .setGrantedAt(Instant.EPOCH)
                .build();
    }

    @Test
    void termsTravelFromTheHalvesToTheRequest() {
        ConsentTerms terms = terms(ConsentPurpose.ANALYSIS);
        for (boolean visualFirst : new boolean[] {true, false}) {
            ClipId clip = new ClipId("terms", "ann", visualFirst ? 0L : 1L);
            VisualFeatures visual = StreamsDriver.visual(clip);
            visual.setTerms(terms);
            AudioFeatures audio = StreamsDriver.audio(clip);
            audio.setTerms(terms);
            if (visualFirst) {
                DRIVER.send(visual);
                DRIVER.send(audio);
            } else {
                DRIVER.send(audio);
                DRIVER.send(visual);
            }
            assertEquals(terms, REQUESTS.readValue().getTerms());
        }
        assertTrue(DEAD.isEmpty());
    }

    @Test
    void aHalfWithOtherTermsIsADeadLetterAndOneThatIsNotPermittedIsNotKept() {
        ClipId clip = new ClipId("differ", "ann", 0L);
        VisualFeatures visual = StreamsDriver.visual(clip);
        visual.setTerms(terms(ConsentPurpose.TRAINING));
        DRIVER.send(visual);
        var refused = DEAD.readRecord();
        assertTrue(DeadLetters.reason(refused.headers()).contains("purposes [TRAINING], without ANALYSIS"));
        assertNull(refused.value());
        visual.setTerms(terms(ConsentPurpose.ANALYSIS));
        DRIVER.send(visual);
        AudioFeatures audio = StreamsDriver.audio(clip);
        DRIVER.send(audio);
        assertTrue(DeadLetters.reason(DEAD.readRecord().headers()).contains("has other terms than the other half"));
        audio.setTerms(terms(ConsentPurpose.ANALYSIS));
        DRIVER.send(audio);
        assertEquals(clip, REQUESTS.readValue().getClip());
    }
}
