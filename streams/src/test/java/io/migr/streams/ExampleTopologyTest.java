package io.migr.streams;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.migr.runtime.kafka.DeadLetters;
import io.migr.schemas.AudioFeatures;
import io.migr.schemas.AvroSafety;
import io.migr.schemas.ClipId;
import io.migr.schemas.ConsentPurpose;
import io.migr.schemas.ConsentTerms;
import io.migr.schemas.Emotion;
import io.migr.schemas.EmotionCount;
import io.migr.schemas.InferenceRequest;
import io.migr.schemas.LabelFeedback;
import io.migr.schemas.Topic;
import io.migr.schemas.TrainingExample;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ExampleTopologyTest {
    private final ExamplesDriver driver = new ExamplesDriver();

    @AfterEach
    void close() {
        driver.close();
    }

    /** The events of a clip's life. */
    private enum Event {
        REQUEST,
        PREDICTION,
        ANN_HAPPY,
        ANN_SAD,
        BOB_SAD,
        EXPIRE
    }

    /** The results that the documented guarantees require, derived from the events alone. */
    private static final class Expectation {
        private final Map<String, Emotion> labels = new TreeMap<>();
        private final TreeSet<String> waiting = new TreeSet<>();
        private final List<Map<String, Emotion>> examples = new ArrayList<>();
        private boolean requested;
        private boolean predicted;
        private int dead;

        void apply(Event event) {
            switch (event) {
                case REQUEST -> requested = true;
                case PREDICTION -> predicted = true;
                case ANN_HAPPY -> label("ann", Emotion.HAPPY);
                case ANN_SAD -> label("ann", Emotion.SAD);
                case BOB_SAD -> label("bob", Emotion.SAD);
                case EXPIRE -> {
                    if (!requested) {
                        dead += waiting.size();
                        waiting.forEach(labels::remove);
                        waiting.clear();
                    }
                }
            }
            boolean changed = event == Event.REQUEST || event == Event.PREDICTION || !waiting.isEmpty();
            if (requested && predicted && !labels.isEmpty() && changed && event != Event.EXPIRE) {
                examples.add(Map.copyOf(labels));
                waiting.clear();
            }
        }

        private void label(String annotator, Emotion emotion) {
            if (labels.put(annotator, emotion) != emotion) {
                waiting.add(annotator);
            }
        }
    }

    @Test
    void everySequenceOfUpToFourEventsGivesTheExpectedExamples() {
        int runs = 0;
        for (int length = 1; length <= 4; length++) {
            int sequences = (int) Math.pow(Event.values().length, length);
            for (int code = 0; code < sequences; code++) {
                List<Event> events = new ArrayList<>();
                for (int rest = code, i = 0; i < length; i++, rest /= Event.values().length) {
                    events.add(Event.values()[rest % Event.values().length]);
                }
                run(events, "call" + runs++);
            }
        }
        assertEquals(6 + 36 + 216 + 1296, runs);
    }

    private void run(List<Event> events, String call) {
        Expectation expected = new Expectation();
        ClipId clip = new ClipId(call, "p", 7L);
        long time = 1;
        for (Event event : events) {
            switch (event) {
                case REQUEST -> driver.send(ExamplesDriver.request(clip));
                case PREDICTION -> driver.send(ExamplesDriver.prediction(clip, Emotion.FEAR));
                case ANN_HAPPY -> driver.send(ExamplesDriver.label(clip, "ann", Emotion.HAPPY, time++));
                case ANN_SAD -> driver.send(ExamplesDriver.label(clip, "ann", Emotion.SAD, time++));
                case BOB_SAD -> driver.send(ExamplesDriver.label(clip, "bob", Emotion.SAD, time++));
                case EXPIRE -> driver.pause(ExamplesDriver.WAIT);
            }
            expected.apply(event);
        }
        driver.pause(ExamplesDriver.WAIT);
        expected.apply(Event.EXPIRE);
        List<TrainingExample> examples = driver.examples.readValuesToList();
        assertEquals(
                expected.examples,
                examples.stream().map(ExampleTopologyTest::labels).toList(),
                events.toString());
        for (TrainingExample example : examples) {
            assertEquals(clip, example.getClip());
            assertEquals(ExamplesDriver.request(clip), example.getRequest());
            assertEquals(ExamplesDriver.prediction(clip, Emotion.FEAR), example.getPrediction());
        }
        assertEquals(expected.dead, driver.dead.readRecordsToList().size(), events.toString());
    }

    private static Map<String, Emotion> labels(TrainingExample example) {
        Map<String, Emotion> labels = new TreeMap<>();
        example.getLabels().forEach(label -> labels.put(label.getAnnotator(), label.getEmotion()));
        return labels;
    }

    private static ClipId clip(long sequence) {
        return new ClipId("call", "ann", sequence);
    }

    private void analysed(ClipId clip) {
        driver.send(ExamplesDriver.request(clip));
        driver.send(ExamplesDriver.prediction(clip, Emotion.FEAR));
    }

    private TrainingExample last() {
        List<TrainingExample> examples = driver.examples.readValuesToList();
        return examples.get(examples.size() - 1);
    }

    @Test
    void theMajorityDecidesAndTheNewestLabelBreaksTies() {
        analysed(clip(0));
        driver.send(ExamplesDriver.label(clip(0), "a", Emotion.SAD, 10));
        driver.send(ExamplesDriver.label(clip(0), "b", Emotion.HAPPY, 9));
        TrainingExample tied = last();
        assertEquals(Emotion.SAD, tied.getEmotion());
        assertEquals(List.of(new EmotionCount(Emotion.SAD, 1), new EmotionCount(Emotion.HAPPY, 1)), tied.getCounts());
        driver.send(ExamplesDriver.label(clip(0), "c/d", Emotion.HAPPY, 5));
        assertEquals(Emotion.HAPPY, last().getEmotion());
        driver.send(ExamplesDriver.label(clip(0), "b", Emotion.SAD, 11));
        TrainingExample corrected = last();
        assertEquals(
                List.of(new EmotionCount(Emotion.SAD, 2), new EmotionCount(Emotion.HAPPY, 1)), corrected.getCounts());
        assertEquals(
                List.of("a", "b", "c/d"),
                corrected.getLabels().stream().map(LabelFeedback::getAnnotator).toList());
        assertTrue(driver.dead.isEmpty());
    }

    private InferenceRequest agreed(ClipId clip, long expires) {
        AvroSafety.set();
        InferenceRequest request = ExamplesDriver.request(clip);
        request.setTerms(ConsentTerms.newBuilder()
                .setPurposes(List.of(ConsentPurpose.ANALYSIS))
                .setExpiresAt(Instant.ofEpochMilli(expires))
                .build());
        return request;
    }

    @Test
    void termsTravelToTheExampleUntilTheyHaveEnded() {
        InferenceRequest request = agreed(clip(0), 101_000);
        driver.send(request);
        driver.send(ExamplesDriver.prediction(clip(0), Emotion.FEAR));
        driver.send(ExamplesDriver.label(clip(0), "a", Emotion.SAD, 1));
        assertEquals(request.getTerms(), last().getTerms());
        driver.pause(Duration.ofSeconds(1));
        driver.send(ExamplesDriver.label(clip(0), "b", Emotion.SAD, 2));
        expect("Clip call/ann/0 has consent that expired at 1970-01-01T00:01:41Z");
        assertTrue(driver.examples.isEmpty());
    }

    @Test
    void labelsAreNotMixedUpBetweenClips() {
        analysed(clip(1));
        analysed(clip(10));
        driver.send(ExamplesDriver.label(clip(1), "a", Emotion.SAD, 1));
        driver.send(ExamplesDriver.label(clip(10), "a", Emotion.HAPPY, 1));
        assertEquals(
                List.of(Emotion.SAD, Emotion.HAPPY),
                driver.examples.readValuesToList().stream()
                        .map(TrainingExample::getEmotion)
                        .toList());
    }

    @Test
    void aLabelOlderThanTheAnnotatorsLastIsADeadLetterAndARepeatedOneUpdatesTheTime() {
        analysed(clip(0));
        driver.send(ExamplesDriver.label(clip(0), "a", Emotion.SAD, 10));
        driver.send(ExamplesDriver.label(clip(0), "a", Emotion.SAD, 20));
        driver.send(ExamplesDriver.label(clip(0), "a", Emotion.HAPPY, 15));
        expect("a labelled clip call/ann/0 as SAD at 1970-01-01T00:00:00.020Z, later than this label (HAPPY");
        assertEquals(1, driver.examples.readValuesToList().size());
    }

    @Test
    void aLabelForAClipThatNeverArrivesIsADeadLetterWithItsOriginalBytesAndHeaders() {
        byte[] bytes =
                driver.bytes(Topic.FEEDBACK, LabelFeedback.class, ExamplesDriver.label(clip(3), "a", Emotion.SAD, 1));
        RecordHeaders headers = new RecordHeaders();
        headers.add("mine", new byte[] {4});
        driver.send(Topic.FEEDBACK, "call/ann", bytes, headers);
        driver.send(ExamplesDriver.prediction(clip(3), Emotion.FEAR));
        driver.pause(ExamplesDriver.WAIT.minusMillis(1));
        assertTrue(driver.dead.isEmpty());
        driver.pause(Duration.ofSeconds(1));
        TestRecord<String, byte[]> letter =
                expect("Clip call/ann/3 is not known: no request for it arrived within 2000 ms");
        assertArrayEquals(bytes, letter.value());
        assertEquals(4, letter.headers().lastHeader("mine").value()[0]);
        assertEquals("0", text(letter, DeadLetters.OFFSET));
    }

    @Test
    void aRestartLosesNoLabel() {
        driver.restore(ExamplesDriver.label(clip(0), "a", Emotion.SAD, 1));
        driver.pause(ExamplesDriver.WAIT.minusMillis(1));
        assertTrue(driver.dead.isEmpty(), "time in which it did not run does not count");
        analysed(clip(0));
        assertEquals(Emotion.SAD, last().getEmotion());
    }

    @Test
    void aClockJumpLosesNoLabel() {
        driver.send(ExamplesDriver.label(clip(0), "a", Emotion.SAD, 1));
        driver.pause(Duration.ofDays(1));
        driver.pause(ExamplesDriver.WAIT.minusMillis(1));
        assertTrue(driver.dead.isEmpty(), "a clock jump does not count as elapsed time");
        analysed(clip(0));
        assertEquals(Emotion.SAD, last().getEmotion());
    }

    @Test
    void aLabelWithAnEmotionThatOnlyTheWritersSchemaHasIsADeadLetter() {
        driver.send(Topic.FEEDBACK, "call/ann", driver.labelWith("CALM", clip(0)), new RecordHeaders());
        expect("outside the label set [HAPPY, SAD, NEUTRAL, ANGRY");
        assertEquals(0, driver.remembered());
    }

    @Test
    void anInvalidLabelIsADeadLetterImmediately() {
        driver.send(ExamplesDriver.label(clip(0), "a", Emotion.UNKNOWN, 1));
        expect("outside the label set [HAPPY, SAD, NEUTRAL, ANGRY");
        driver.send(ExamplesDriver.label(clip(0), " ", Emotion.SAD, 1));
        expect("names no annotator");
        driver.send(ExamplesDriver.label(clip(0), "a".repeat(257), Emotion.SAD, 1));
        expect("(257 characters)");
        driver.send(ExamplesDriver.label(clip(-1), "a", Emotion.SAD, 1));
        expect("has the sequence number -1");
        driver.send(ExamplesDriver.label(clip(0), "a", Emotion.SAD, 1_000_000));
        expect("is dated in the future");
        driver.send(ExamplesDriver.label(new ClipId("call", "a/b", 0L), "a", Emotion.SAD, 1), "call/a/b");
        expect("must not be empty or contain '/'");
        driver.send(ExamplesDriver.label(clip(0), "a", Emotion.SAD, 1), "elsewhere");
        expect("Its key must be \"call/ann\"");
        driver.send(Topic.FEEDBACK, "call/ann", null, new RecordHeaders());
        expect("without a value is not a valid LabelFeedback");
        driver.send(Topic.FEEDBACK, "call/ann", new byte[] {1, 2, 3}, new RecordHeaders());
        expect("Confluent wire format");
        assertEquals(0, driver.remembered());
    }

    @Test
    void requestsAndPredictionsThatCannotBeReadAreIgnored() {
        driver.send(Topic.INFERENCE_REQUESTS, "call/ann", new byte[] {1, 2, 3}, new RecordHeaders());
        driver.send(Topic.PREDICTIONS, "call/ann", null, new RecordHeaders());
        driver.send(
                Topic.INFERENCE_REQUESTS,
                "call/bob",
                driver.bytes(Topic.INFERENCE_REQUESTS, InferenceRequest.class, ExamplesDriver.request(clip(0))),
                new RecordHeaders());
        assertTrue(driver.dead.isEmpty());
        assertEquals(0, driver.remembered());
    }

    @Test
    void aClipCanBeLabelledUntilItsEntriesExpireAndThenNothingIsKept() {
        analysed(clip(0));
        driver.send(ExamplesDriver.request(clip(1)));
        driver.pause(ExamplesDriver.MEMORY);
        driver.send(ExamplesDriver.label(clip(0), "a", Emotion.SAD, 1));
        driver.send(ExamplesDriver.label(clip(1), "a", Emotion.SAD, 1));
        assertEquals(clip(0), last().getClip());
        driver.pause(Duration.ofHours(1));
        expect("Clip call/ann/1 was not predicted within the 5 h");
        assertEquals(0, driver.remembered());
        driver.send(ExamplesDriver.label(clip(0), "a", Emotion.HAPPY, 2));
        driver.pause(ExamplesDriver.WAIT.plusSeconds(1));
        expect("older than the 5 h for which a clip can be labelled");
    }

    @Test
    void aLabelWhoseRequestIsDeletedIsADeadLetter() {
        analysed(clip(0));
        driver.delete(Topic.INFERENCE_REQUESTS);
        driver.send(ExamplesDriver.label(clip(0), "a", Emotion.SAD, 1));
        expect("Record 0 of migr.inference-requests in partition 0, which the label needs, is no longer kept");
        assertTrue(driver.examples.isEmpty());
    }

    @Test
    void theLabelOfAnExampleThatIsTooLargeIsADeadLetter() {
        InferenceRequest large = ExamplesDriver.request(clip(0));
        AudioFeatures audio = StreamsDriver.audio(clip(0));
        audio.setLogMel(ByteBuffer.allocate(Topic.MAX_MESSAGE_BYTES - 1000));
        large.setAudio(audio);
        driver.send(large);
        driver.send(ExamplesDriver.prediction(clip(0), Emotion.FEAR));
        driver.send(ExamplesDriver.label(clip(0), "a", Emotion.SAD, 1));
        expect("The example of clip call/ann/0 with its request of");
        analysed(clip(1));
        driver.send(ExamplesDriver.label(clip(1), "a", Emotion.SAD, 1));
        assertEquals(clip(1), last().getClip());
    }

    private TestRecord<String, byte[]> expect(String reason) {
        TestRecord<String, byte[]> letter = driver.dead.readRecord();
        String given = DeadLetters.reason(letter.headers());
        assertTrue(given.contains(reason), given);
        assertEquals("migr.feedback", text(letter, DeadLetters.TOPIC));
        assertTrue(driver.dead.isEmpty());
        return letter;
    }

    private static String text(TestRecord<String, byte[]> letter, String header) {
        return new String(letter.headers().lastHeader(header).value(), StandardCharsets.UTF_8);
    }
}
