package io.migr.streams;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.migr.features.ClipFeatures;
import io.migr.features.ClipFeatures.Audio;
import io.migr.features.ClipFeatures.Visual;
import io.migr.features.MediaRejectedException;
import io.migr.runtime.kafka.DeadLetters;
import io.migr.schemas.AudioFeatures;
import io.migr.schemas.ClipId;
import io.migr.schemas.ClipSegment;
import io.migr.schemas.Consent;
import io.migr.schemas.Emotion;
import io.migr.schemas.EmotionPrediction;
import io.migr.schemas.EmotionTimeline;
import io.migr.schemas.InferenceRequest;
import io.migr.schemas.LabelFeedback;
import io.migr.schemas.Topic;
import io.migr.schemas.TrainingExample;
import io.migr.schemas.VisualFeatures;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Records on every input topic that are valid Avro with odd values, under odd keys, with odd times, or damaged. Each is
 * used or becomes one dead letter, and good clips in between are answered. {@code -Dseed} repeats a run, {@code -Dodd}
 * says how many records are sent.
 */
@Tag("slow")
class OddRecordsTest {
    private static final long SEED = Long.getLong("seed", System.nanoTime());
    private static final int COUNT = Integer.getInteger("odd", 10_000);
    private static final int EVERY_GOOD = 50;
    private static final String[] IDS = {
        "ann", "ann", "ann", "bob", "", " ", "a/b", "a\nb", "\u0000", "x".repeat(300), "ü€😀"
    };
    private static final long[] NUMBERS = {0, 1, 2, 3, 4, 5, -1, Long.MIN_VALUE, Long.MAX_VALUE, 1L << 60};
    private static final long[] TIMES = {
        0, 1, -1, Long.MIN_VALUE, Long.MAX_VALUE, StreamsDriver.START_MS, StreamsDriver.START_MS * 1000, 1L << 50
    };
    private static final String[] TEXTS = {null, "", "no picture", "x".repeat(5_000)};

    private final Random random = new Random(SEED);

    private ClipId clip() {
        return new ClipId(
                random.nextInt(4) == 0 ? IDS[random.nextInt(IDS.length)] : "call",
                IDS[random.nextInt(IDS.length)],
                random.nextInt(3) == 0 ? NUMBERS[random.nextInt(NUMBERS.length)] : random.nextInt(2_000));
    }

    private Instant time() {
        return Instant.ofEpochMilli(TIMES[random.nextInt(TIMES.length)]);
    }

    private String text() {
        return TEXTS[random.nextInt(TEXTS.length)];
    }

    private String key(ClipId clip) {
        return switch (random.nextInt(12)) {
            case 0 -> null;
            case 1 -> "";
            case 2 -> "no-slash";
            case 3 -> "call/somebody-else";
            default -> clip.getCallId() + "/" + clip.getParticipantId();
        };
    }

    /** The bytes of a record, sometimes cut, extended, changed or missing. */
    private byte[] damaged(byte[] value) {
        int kind = random.nextInt(20);
        if (kind == 0) {
            return null;
        }
        if (kind == 1) {
            return Arrays.copyOf(value, random.nextInt(2 * value.length));
        }
        if (kind == 2) {
            byte[] changed = value.clone();
            changed[random.nextInt(changed.length)] ^= (byte) (1 << random.nextInt(8));
            return changed;
        }
        return value;
    }

    private VisualFeatures visual(ClipId clip) {
        VisualFeatures half = StreamsDriver.visual(clip);
        half.setCapturedAt(time());
        half.setStartMs(NUMBERS[random.nextInt(NUMBERS.length)]);
        half.setDurationMs(random.nextInt());
        half.setPresent(random.nextBoolean());
        half.setAbsentReason(text());
        return half;
    }

    private AudioFeatures audio(ClipId clip) {
        AudioFeatures half = StreamsDriver.audio(clip);
        half.setCapturedAt(time());
        half.setPresent(random.nextBoolean());
        half.setAbsentReason(text());
        half.setMelBins(random.nextInt());
        half.setMelFrames(random.nextInt());
        return half;
    }

    private ClipSegment segment(ClipId clip) {
        Consent consent = random.nextInt(5) == 0 ? Consent.DENIED : Consent.GRANTED;
        ClipSegment segment = StreamsDriver.segment(clip, consent, new byte[] {(byte) random.nextInt(3)});
        segment.setCapturedAt(time());
        segment.setDurationMs(random.nextInt());
        if (random.nextInt(10) == 0) {
            segment.setMedia(null);
        }
        return segment;
    }

    private EmotionPrediction prediction(ClipId clip) {
        EmotionPrediction prediction =
                ExamplesDriver.prediction(clip, Emotion.values()[random.nextInt(Emotion.values().length)]);
        prediction.setCapturedAt(time());
        if (random.nextInt(5) == 0) {
            float[] odd = {Float.NaN, Float.POSITIVE_INFINITY, -1, Float.MIN_VALUE};
            prediction.getImportance().setVisualShare(odd[random.nextInt(odd.length)]);
        }
        prediction.setAbstained(random.nextInt(4) == 0);
        return prediction;
    }

    @Test
    void eachOddRecordOfTheClipTopicsIsUsedOrOneDeadLetter() {
        try (StreamsDriver driver = new StreamsDriver(OddRecordsTest::features, Map.of())) {
            TestOutputTopic<String, byte[]> dead = driver.deadLetters();
            TestOutputTopic<String, InferenceRequest> requests =
                    driver.out(Topic.INFERENCE_REQUESTS, InferenceRequest.class);
            TestOutputTopic<String, EmotionTimeline> timeline = driver.out(Topic.TIMELINE, EmotionTimeline.class);
            int halves = 0;
            int used = 0;
            for (int i = 0; i < COUNT; i++) {
                ClipId clip = clip();
                Topic topic = List.of(Topic.CLIPS, Topic.VISUAL_FEATURES, Topic.AUDIO_FEATURES, Topic.PREDICTIONS)
                        .get(random.nextInt(4));
                byte[] value = damaged(
                        switch (topic) {
                            case CLIPS -> driver.bytes(topic, ClipSegment.class, segment(clip));
                            case VISUAL_FEATURES -> driver.bytes(topic, VisualFeatures.class, visual(clip));
                            case AUDIO_FEATURES -> driver.bytes(topic, AudioFeatures.class, audio(clip));
                            default -> driver.bytes(topic, EmotionPrediction.class, prediction(clip));
                        });
                RecordHeaders headers = new RecordHeaders();
                if (random.nextInt(5) == 0) {
                    headers.add(random.nextBoolean() ? "migr.consent.ended" : "trace", new byte[] {'1', '2'});
                }
                double duplicates = driver.duplicates();
                driver.in(topic).pipeInput(new TestRecord<>(key(clip), value, headers, Math.abs(random.nextLong())));
                List<TestRecord<String, byte[]>> letters = dead.readRecordsToList();
                String where = "record " + i + " of seed " + SEED + " on " + topic + ": " + clip;
                // each half of a clip is a record of its own, and somebody may have sent a half of this clip before
                int most = topic == Topic.CLIPS ? 2 : 1;
                assertTrue(letters.size() <= most, where + " has " + letters.size() + " dead letters");
                letters.forEach(letter ->
                        assertFalse(DeadLetters.reason(letter.headers()).isBlank(), where));
                List<EmotionTimeline> windows = timeline.readValuesToList();
                List<InferenceRequest> sent = requests.readValuesToList();
                if (topic == Topic.PREDICTIONS) {
                    assertEquals(1, letters.size() + windows.size(), where);
                } else if (topic == Topic.CLIPS) {
                    int counted = (int) (driver.duplicates() - duplicates);
                    assertTrue(letters.isEmpty() || counted == 0, where);
                }
                used += sent.size() + windows.size();
                halves += letters.isEmpty() ? 1 : 0;
                if (i % EVERY_GOOD == 0) {
                    good(driver, i, requests, timeline);
                }
            }
            driver.idle(Duration.ofMinutes(2)); // until no half waits for another
            used += requests.readValuesToList().size();
            assertTrue(used > 0 && halves > 0);
            assertEquals(0, driver.waiting(), "halves that are never answered, seed " + SEED);
            assertTrue(dead.isEmpty());
        }
    }

    /** A clip, and a prediction, of somebody who makes no mistakes. */
    private static void good(
            StreamsDriver driver,
            int i,
            TestOutputTopic<String, InferenceRequest> requests,
            TestOutputTopic<String, EmotionTimeline> timeline) {
        ClipId clip = new ClipId("call", "good", (long) i);
        driver.send("call/good", StreamsDriver.segment(clip, Consent.GRANTED, new byte[] {1}));
        assertEquals(clip, requests.readValue().getClip(), "seed " + SEED);
        EmotionPrediction prediction = ExamplesDriver.prediction(clip, Emotion.SAD);
        prediction.setCapturedAt(Instant.ofEpochMilli(StreamsDriver.START_MS + i));
        driver.in(Topic.PREDICTIONS)
                .pipeInput("call/good", driver.bytes(Topic.PREDICTIONS, EmotionPrediction.class, prediction));
        EmotionTimeline window = timeline.readValue();
        assertEquals("good", window.getParticipantId());
        assertEquals(0, window.getUntimed());
    }

    private static ClipFeatures features(byte[] media) throws MediaRejectedException {
        if (media[0] == 0) {
            throw new MediaRejectedException("Nothing in the media can be used.");
        }
        return new ClipFeatures(
                100, new Visual("there is no video track", List.of(), 0), new Audio(null, new float[1600]));
    }

    @Test
    void eachOddLabelIsUsedOrOneDeadLetterAndOddRequestsAndPredictionsAreIgnored() {
        try (ExamplesDriver driver = new ExamplesDriver()) {
            int labels = 0;
            int letters = 0;
            int examples = 0;
            for (int i = 0; i < COUNT / 5; i++) {
                ClipId clip = clip();
                RecordHeaders headers = new RecordHeaders();
                switch (random.nextInt(3)) {
                    case 0 ->
                        driver.send(
                                Topic.INFERENCE_REQUESTS,
                                key(clip),
                                damaged(driver.bytes(
                                        Topic.INFERENCE_REQUESTS,
                                        InferenceRequest.class,
                                        ExamplesDriver.request(clip))),
                                headers);
                    case 1 ->
                        driver.send(
                                Topic.PREDICTIONS,
                                key(clip),
                                damaged(driver.bytes(Topic.PREDICTIONS, EmotionPrediction.class, prediction(clip))),
                                headers);
                    default -> {
                        String annotator = text();
                        LabelFeedback label = new LabelFeedback(
                                clip,
                                Emotion.values()[random.nextInt(Emotion.values().length)],
                                annotator == null ? "a/b" : annotator,
                                time());
                        driver.send(
                                Topic.FEEDBACK,
                                key(clip),
                                damaged(driver.bytes(Topic.FEEDBACK, LabelFeedback.class, label)),
                                headers);
                        labels++;
                    }
                }
                int more = driver.dead.readRecordsToList().size();
                assertTrue(more <= 1, "record " + i + " of seed " + SEED + " has " + more + " dead letters");
                letters += more;
                if (i % EVERY_GOOD == 0) {
                    examples += driver.examples.readValuesToList().size();
                    ClipId good = new ClipId("call", "good", (long) i);
                    driver.send(ExamplesDriver.request(good));
                    driver.send(ExamplesDriver.prediction(good, Emotion.FEAR));
                    driver.send(ExamplesDriver.label(good, "a", Emotion.SAD, 1));
                    List<TrainingExample> made = driver.examples.readValuesToList();
                    assertEquals(1, made.size(), "seed " + SEED);
                    assertEquals(good, made.get(0).getClip());
                }
            }
            driver.pause(ExamplesDriver.WAIT.plusSeconds(1)); // until no label waits for its clip
            driver.pause(ExamplesDriver.MEMORY.plusHours(2));
            letters += driver.dead.readRecordsToList().size();
            assertTrue(letters <= labels && letters > 0, letters + " dead letters of " + labels + " labels");
            assertEquals(0, driver.remembered(), "seed " + SEED + ", " + examples + " examples");
        }
    }
}
