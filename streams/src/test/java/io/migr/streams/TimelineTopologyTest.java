package io.migr.streams;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.migr.runtime.kafka.DeadLetters;
import io.migr.schemas.ClipId;
import io.migr.schemas.Dominance;
import io.migr.schemas.Emotion;
import io.migr.schemas.EmotionPrediction;
import io.migr.schemas.EmotionProbability;
import io.migr.schemas.EmotionTimeline;
import io.migr.schemas.ModalityImportance;
import io.migr.schemas.StageTimings;
import io.migr.schemas.Topic;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TimelineTopologyTest {
    /** UNKNOWN, VISUAL, AUDIO, BALANCED. */
    private static final int OLD_DOMINANCES = 4;

    @Test
    void aWindowHasTheMeansOfItsClipsByCaptureTime() {
        try (StreamsDriver driver = new StreamsDriver(media -> null, Map.of("streams.timeline.window.seconds", "30"))) {
            TestOutputTopic<String, EmotionTimeline> timeline = driver.out(Topic.TIMELINE, EmotionTimeline.class);
            send(driver, 0, 5_000, 0.75f, Dominance.VISUAL, 0.9f);
            send(driver, 1, 9_000, 0.25f, Dominance.AUDIO, 0.3f);
            send(driver, 2, 31_000, 1f, Dominance.AUDIO, 0.1f);
            // later than the clip after it: it belongs to the first window
            send(driver, 3, 20_000, 0.5f, Dominance.AUDIO, 0.3f);
            List<EmotionTimeline> windows = timeline.readValuesToList();
            assertEquals(4, windows.size());
            assertEquals(
                    StreamsDriver.START_MS + 30_000,
                    windows.get(2).getWindowStart().toEpochMilli());
            EmotionTimeline first = windows.get(3);
            assertEquals(3, first.getClips());
            assertEquals("call", first.getCallId());
            assertEquals(0.5f, share(first, Emotion.HAPPY), 1e-6f);
            assertEquals(0.5f, share(first, Emotion.SAD), 1e-6f);
            assertEquals(Dominance.AUDIO, first.getDominant());
            assertEquals(0.5f, first.getVisualShare(), 1e-6f);
        }
    }

    @Test
    void abstainedClipsAreCountedApart() {
        try (StreamsDriver driver = new StreamsDriver(media -> null, Map.of("streams.timeline.window.seconds", "30"))) {
            TestOutputTopic<String, EmotionTimeline> timeline = driver.out(Topic.TIMELINE, EmotionTimeline.class);
            send(driver, abstained(prediction(0, 1_000, 0.5f, Dominance.UNKNOWN, 0.5f)));
            EmotionTimeline alone = timeline.readValue();
            assertEquals(1, alone.getAbstained());
            assertEquals(0, alone.getClips());
            assertEquals(List.of(), alone.getShares());
            assertEquals(0, alone.getVisualShare());
            send(driver, prediction(1, 5_000, 0.75f, Dominance.VISUAL, 0.9f));
            EmotionTimeline both = timeline.readValue();
            assertEquals(1, both.getAbstained());
            assertEquals(1, both.getClips());
            assertEquals(0.75f, share(both, Emotion.HAPPY), 1e-6f);
            assertEquals(0.9f, both.getVisualShare(), 1e-6f);
        }
    }

    @Test
    void sumsStoredBeforeClipsCouldAbstainAreRead() {
        int sums = 2 + OLD_DOMINANCES + Emotion.values().length;
        byte[] stored = ByteBuffer.allocate(sums * Double.BYTES).putDouble(7).array();
        double[] read = TimelineSums.serde().deserializer().deserialize("any", stored);
        assertEquals(sums + 3, read.length);
        assertEquals(7, read[0]);
        assertEquals(0, read[sums]);
    }

    /** A window that was stored before NEITHER: 2 clips, one led by the voice, and 3 that abstained. */
    @Test
    void sumsStoredBeforeNeitherKeepTheirPlaces() {
        double[] old = new double[2 + OLD_DOMINANCES + Emotion.values().length + 1];
        old[0] = 2;
        old[2 + Dominance.AUDIO.ordinal()] = 1;
        old[2 + OLD_DOMINANCES + Emotion.FEAR.ordinal()] = 1.5;
        old[old.length - 1] = 3;
        ByteBuffer bytes = ByteBuffer.allocate(old.length * Double.BYTES);
        bytes.asDoubleBuffer().put(old);
        double[] read = TimelineSums.serde().deserializer().deserialize("any", bytes.array());
        assertArrayEquals(Arrays.copyOf(old, old.length + 2), read);
        assertEquals(
                new EmotionProbability(Emotion.FEAR, 0.75f),
                window(read).getShares().get(0));
        assertEquals(3, window(read).getAbstained());
        assertEquals(Dominance.AUDIO, window(read).getDominant());
    }

    private static EmotionTimeline window(double[] sums) {
        return TimelineSums.window("call", "ann", Instant.EPOCH, Duration.ofSeconds(30), sums);
    }

    @Test
    void clipsThatTellNothingAreCountedLikeTheOthers() {
        try (StreamsDriver driver = new StreamsDriver(media -> null, Map.of("streams.timeline.window.seconds", "30"))) {
            TestOutputTopic<String, EmotionTimeline> timeline = driver.out(Topic.TIMELINE, EmotionTimeline.class);
            send(driver, 0, 1_000, 0.75f, Dominance.VISUAL, 0.9f);
            send(driver, 1, 2_000, 0.25f, Dominance.NEITHER, 0.5f);
            send(driver, 2, 3_000, 0.25f, Dominance.NEITHER, 0.5f);
            List<EmotionTimeline> windows = timeline.readValuesToList();
            assertEquals(Dominance.VISUAL, windows.get(1).getDominant());
            assertEquals(Dominance.NEITHER, windows.get(2).getDominant());
        }
    }

    @Test
    void aClockThatIsAheadSilencesNobodyNotEvenItsOwnLaterClips() {
        try (StreamsDriver driver = new StreamsDriver(media -> null, Map.of())) {
            TestOutputTopic<String, EmotionTimeline> timeline = driver.out(Topic.TIMELINE, EmotionTimeline.class);
            long ahead = Duration.ofHours(20).toMillis();
            send(driver, 0, ahead, 0.75f, Dominance.VISUAL, 0.9f);
            EmotionPrediction bob = prediction(0, 1_000, 0.75f, Dominance.VISUAL, 0.9f);
            bob.setClip(new ClipId("call", "bob", 0L));
            driver.in(Topic.PREDICTIONS)
                    .pipeInput("call/bob", driver.bytes(Topic.PREDICTIONS, EmotionPrediction.class, bob));
            send(driver, 1, 2_000, 0.75f, Dominance.VISUAL, 0.9f);
            send(driver, 2, ahead + 1_000, 0.75f, Dominance.VISUAL, 0.9f);
            List<EmotionTimeline> windows = timeline.readValuesToList();
            assertEquals(List.of("ann", "bob", "ann", "ann"), participants(windows));
            assertEquals(StreamsDriver.START_MS, windows.get(2).getWindowStart().toEpochMilli());
            assertEquals(2, windows.get(3).getClips());
            assertEquals(0, windows.get(3).getUntimed());
            assertTrue(driver.deadLetters().isEmpty());
        }
    }

    private static List<String> participants(List<EmotionTimeline> windows) {
        return windows.stream().map(EmotionTimeline::getParticipantId).toList();
    }

    /** Never set, negative, seconds, microseconds, the extremes, and two days ahead. */
    @ParameterizedTest
    @ValueSource(
            longs = {
                0,
                -1,
                StreamsDriver.START_MS / 1000,
                StreamsDriver.START_MS * 1000,
                Long.MIN_VALUE,
                Long.MAX_VALUE,
                StreamsDriver.START_MS + 172_800_000
            })
    void aClipWhoseCaptureTimeCannotBeOneIsInTheWindowOfItsArrival(long capturedAt) {
        try (StreamsDriver driver = new StreamsDriver(media -> null, Map.of())) {
            TestOutputTopic<String, EmotionTimeline> timeline = driver.out(Topic.TIMELINE, EmotionTimeline.class);
            EmotionPrediction odd = prediction(0, 0, 0.75f, Dominance.VISUAL, 0.9f);
            odd.setCapturedAt(Instant.ofEpochMilli(capturedAt));
            send(driver, odd);
            send(driver, 1, 1_000, 0.75f, Dominance.VISUAL, 0.9f);
            List<EmotionTimeline> windows = timeline.readValuesToList();
            assertEquals(StreamsDriver.START_MS, windows.get(0).getWindowStart().toEpochMilli());
            assertEquals(1, windows.get(0).getUntimed());
            assertEquals(2, windows.get(1).getClips());
            assertEquals(1, windows.get(1).getUntimed());
        }
    }

    @Test
    void aPredictionThatCannotBeUsedIsOneDeadLetterAndTheNextOneIsAdded() {
        try (StreamsDriver driver = new StreamsDriver(media -> null, Map.of())) {
            TestOutputTopic<String, EmotionTimeline> timeline = driver.out(Topic.TIMELINE, EmotionTimeline.class);
            byte[] good = driver.bytes(
                    Topic.PREDICTIONS, EmotionPrediction.class, prediction(0, 0, 0.75f, Dominance.VISUAL, 0.9f));
            byte[] numberless = driver.bytes(
                    Topic.PREDICTIONS, EmotionPrediction.class, prediction(0, 0, Float.NaN, Dominance.VISUAL, 0.9f));
            expect(driver, "call/ann", null, "without a value is not a valid EmotionPrediction");
            expect(driver, "call/ann", new byte[] {1, 2, 3}, "Confluent wire format");
            expect(driver, null, good, "has no key");
            expect(driver, "ann", good, "has the key \"ann\"");
            expect(driver, "call/bob", good, "has the key \"call/bob\"");
            expect(driver, "call/ann", numberless, "no finite numbers");
            assertTrue(timeline.isEmpty());
            driver.in(Topic.PREDICTIONS).pipeInput("call/ann", good);
            assertEquals(1, timeline.readValue().getClips());
        }
    }

    private static void expect(StreamsDriver driver, String key, byte[] value, String reason) {
        driver.in(Topic.PREDICTIONS).pipeInput(key, value);
        List<TestRecord<String, byte[]>> letters = driver.deadLetters().readRecordsToList();
        assertEquals(1, letters.size());
        String given = DeadLetters.reason(letters.get(0).headers());
        assertTrue(given.contains(reason), given);
    }

    @Test
    void aWindowIsKeptUntilNoClipHasComeToItForAnHour() {
        try (StreamsDriver driver = new StreamsDriver(media -> null, Map.of())) {
            TestOutputTopic<String, EmotionTimeline> timeline = driver.out(Topic.TIMELINE, EmotionTimeline.class);
            send(driver, 0, 1_000, 0.75f, Dominance.VISUAL, 0.9f);
            driver.idle(Duration.ofMinutes(50));
            send(driver, 1, 2_000, 0.75f, Dominance.VISUAL, 0.9f);
            driver.idle(Duration.ofMinutes(50));
            send(driver, 2, 3_000, 0.75f, Dominance.VISUAL, 0.9f);
            driver.idle(Duration.ofMinutes(62));
            send(driver, 3, 4_000, 0.75f, Dominance.VISUAL, 0.9f);
            assertEquals(
                    List.of(1, 2, 3, 1),
                    timeline.readValuesToList().stream()
                            .map(EmotionTimeline::getClips)
                            .toList());
        }
    }

    private static EmotionPrediction abstained(EmotionPrediction prediction) {
        prediction.setEmotion(Emotion.UNKNOWN);
        prediction.setAbstained(true);
        prediction.setAbstainedReason("no face was found; nobody speaks");
        return prediction;
    }

    private static float share(EmotionTimeline window, Emotion emotion) {
        return window.getShares().stream()
                .filter(one -> one.getEmotion() == emotion)
                .findFirst()
                .orElseThrow()
                .getProbability();
    }

    private static void send(
            StreamsDriver driver, long sequence, long at, float happy, Dominance dominant, float visualShare) {
        send(driver, prediction(sequence, at, happy, dominant, visualShare));
    }

    private static EmotionPrediction prediction(
            long sequence, long at, float happy, Dominance dominant, float visualShare) {
        return EmotionPrediction.newBuilder()
                .setClip(new ClipId("call", "ann", sequence))
                .setStartMs(at)
                .setDurationMs(4000)
                .setCapturedAt(Instant.ofEpochMilli(StreamsDriver.START_MS + at))
                .setEmotion(Emotion.HAPPY)
                .setProbabilities(List.of(
                        new EmotionProbability(Emotion.HAPPY, happy), new EmotionProbability(Emotion.SAD, 1 - happy)))
                .setImportance(new ModalityImportance(
                        -2f, -1f, -1f, -0.5f, visualShare, dominant, "evidence-heads", true, null))
                .setActionUnits(List.of())
                .setExplanationEmotion(Emotion.HAPPY)
                .setConsistent(true)
                .setModelVersion("test-1")
                .setTimings(new StageTimings(0f, 0f, 0f, 0f, 0f, 1))
                .build();
    }

    private static void send(StreamsDriver driver, EmotionPrediction prediction) {
        driver.in(Topic.PREDICTIONS)
                .pipeInput("call/ann", driver.bytes(Topic.PREDICTIONS, EmotionPrediction.class, prediction));
    }
}
