package io.migr.streams;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

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
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.kstream.Windowed;
import org.apache.kafka.streams.kstream.internals.TimeWindow;
import org.junit.jupiter.api.Test;

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
            // late, but within the grace period: it belongs to the first window

            send(driver, 3, 20_000, 0.5f, Dominance.AUDIO, 0.3f);
            List<EmotionTimeline> windows = timeline.readValuesToList();
            assertEquals(4, windows.size());
            assertEquals(30_000, windows.get(2).getWindowStart().toEpochMilli());
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
        double[] read = TimelineTopology.sums().deserializer().deserialize("any", stored);
        assertEquals(sums + 2, read.length);
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
        double[] read = TimelineTopology.sums().deserializer().deserialize("any", bytes.array());
        assertArrayEquals(Arrays.copyOf(old, old.length + 1), read);
        assertEquals(
                new EmotionProbability(Emotion.FEAR, 0.75f),
                window(read).getShares().get(0));
        assertEquals(3, window(read).getAbstained());
        assertEquals(Dominance.AUDIO, window(read).getDominant());
    }

    private static EmotionTimeline window(double[] sums) {
        return TimelineTopology.timeline(new Windowed<>("call/ann", new TimeWindow(0, 30_000)), sums).value;
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
                .setCapturedAt(Instant.ofEpochMilli(at))
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
