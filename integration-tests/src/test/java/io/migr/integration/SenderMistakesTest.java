package io.migr.integration;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.migr.integration.Mistakes.Mistake;
import io.migr.runtime.config.Configuration;
import io.migr.runtime.config.Key;
import io.migr.runtime.kafka.KafkaClients;
import io.migr.schemas.AudioFeatures;
import io.migr.schemas.ClipId;
import io.migr.schemas.ClipKey;
import io.migr.schemas.ClipSegment;
import io.migr.schemas.Consent;
import io.migr.schemas.Emotion;
import io.migr.schemas.EmotionPrediction;
import io.migr.schemas.EmotionTimeline;
import io.migr.schemas.Frame;
import io.migr.schemas.InferenceRequest;
import io.migr.schemas.LabelFeedback;
import io.migr.schemas.Topic;
import io.migr.schemas.VisualFeatures;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.avro.specific.SpecificRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Kinds of mistakes of one sender, each with several members. After them a good clip of another participant is answered,
 * every bad record is accounted for, and both services run.
 */
@Tag("slow")
@ExtendWith(SharedBroker.class)
@TestInstance(Lifecycle.PER_CLASS)
class SenderMistakesTest {
    private static final Duration LONGEST = Duration.ofSeconds(90);
    private static final int MAX = Topic.MAX_MESSAGE_BYTES;
    /** Room in a record of the largest size for its key and framing, and for the fields of its value. */
    private static final int REST = 600;

    private enum Kind {
        TIME,
        SIZE,
        KEYS
    }

    private KafkaClients clients;
    private ServiceProcess streams;
    private ServiceProcess worker;
    private byte[] media;
    private VisualFeatures seen;
    private AudioFeatures heard;
    private EmotionPrediction prediction;

    @BeforeAll
    void start(Broker broker) throws Exception {
        Configuration configuration = broker.configuration(
                "mistakes", Map.of(Key.STREAMS_PAIR_WAIT_MS, "1500", Key.STREAMS_LABEL_WAIT_MS, "3000"));
        clients = Broker.clients(configuration);
        streams = ServiceProcess.start("streams", configuration);
        worker = ServiceProcess.start("worker", configuration);
        media = Clips.mp4(4);
        streams.awaitReady();
        worker.awaitReady();
        try (Clips clips = new Clips(clients)) {
            clips.send("source", 0, media);
        }
        seen = FirstRecord.of(clients, Topic.VISUAL_FEATURES, VisualFeatures.class, "call/source");
        seen.setClipOffset(null); // the split step did not write what follows
        heard = FirstRecord.of(clients, Topic.AUDIO_FEATURES, AudioFeatures.class, "call/source");
        heard.setClipOffset(null);
        prediction = FirstRecord.of(clients, Topic.PREDICTIONS, EmotionPrediction.class, "call/source");
    }

    @AfterAll
    void stop() throws InterruptedException {
        worker.close();
        streams.close();
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void mistakesOfAKindHurtOnlyTheirOwnRecords(Kind kind) throws Exception {
        try (Mistakes mistakes = new Mistakes(clients)) {
            List<String> answered = new ArrayList<>();
            for (Mistake mistake : members(kind, mistakes, answered)) {
                mistakes.send(mistake);
            }
            ClipId good = new ClipId("call", "good-" + kind, 0L);
            mistakes.send(clip("a good clip", mistakes, good, Instant.now(), null));
            answered.add(ClipKey.name(good));
            double duplicates = kind == Kind.KEYS ? 1 : 0;
            mistakes.await(answered, () -> streams.metric("migr_streams_duplicates_total") >= duplicates, LONGEST);
            assertEquals(List.of(), mistakes.problems());
            answered.forEach(clip -> assertEquals(1, mistakes.times(clip), clip));
            EmotionTimeline window =
                    FirstRecord.of(clients, Topic.TIMELINE, EmotionTimeline.class, "call/good-" + kind);
            assertEquals(0, window.getUntimed());
            if (kind == Kind.TIME) {
                for (String participant : List.of("zero", "negative", "micros", "year")) {
                    EmotionTimeline odd =
                            FirstRecord.of(clients, Topic.TIMELINE, EmotionTimeline.class, "call/" + participant);
                    assertEquals(1, odd.getUntimed(), participant);
                }
            }
        }
        for (ServiceProcess service : List.of(streams, worker)) {
            assertEquals(200, service.get("livez").statusCode(), service.output());
            assertEquals(200, service.get("readyz").statusCode(), service.output());
        }
    }

    private List<Mistake> members(Kind kind, Mistakes mistakes, List<String> answered) throws IOException {
        return switch (kind) {
            case TIME -> times(mistakes, answered);
            case SIZE -> sizes(mistakes);
            case KEYS -> keys(mistakes, answered);
        };
    }

    private List<Mistake> times(Mistakes mistakes, List<String> answered) {
        Instant now = Instant.now();
        Map<String, Instant> captured = Map.of(
                "zero", Instant.EPOCH,
                "negative", Instant.ofEpochMilli(Long.MIN_VALUE),
                "micros", Instant.ofEpochMilli(now.toEpochMilli() * 1000),
                "year", now.plus(Duration.ofDays(365)),
                "ahead", now.plus(Duration.ofHours(23)));
        List<Mistake> all = new ArrayList<>();
        captured.forEach((participant, at) -> {
            ClipId id = new ClipId("call", participant, 0L);
            answered.add(ClipKey.name(id));
            all.add(clip("captured at " + at, mistakes, id, at, null));
        });
        for (long time : new long[] {0, now.minus(Duration.ofDays(4000)).toEpochMilli(), Long.MAX_VALUE}) {
            ClipId id = new ClipId("call", "sent-at-" + time, 0L);
            answered.add(ClipKey.name(id));
            all.add(clip("a record of the time " + time, mistakes, id, now, time));
        }
        return all;
    }

    private List<Mistake> sizes(Mistakes mistakes) throws IOException {
        ClipId id = new ClipId("call", "large", 0L);
        byte[] full = mistakes.bytes(
                Topic.CLIPS, ClipSegment.class, Clips.segment(id, new byte[MAX - REST], Consent.GRANTED));
        byte[] undecodable =
                mistakes.bytes(Topic.CLIPS, ClipSegment.class, Clips.segment(id, new byte[100], Consent.GRANTED));
        ClipId halves = new ClipId("call", "large-halves", 0L);
        VisualFeatures visual = VisualFeatures.newBuilder(seen)
                .setClip(halves)
                .setFrames(List.of(new Frame(0, ByteBuffer.allocate(MAX / 2))))
                .build();
        AudioFeatures audio = AudioFeatures.newBuilder(heard)
                .setClip(halves)
                .setLogMel(ByteBuffer.allocate(MAX / 2))
                .build();
        ClipId picture = new ClipId("call", "wide-picture", 0L);
        VisualFeatures wide = VisualFeatures.newBuilder(seen)
                .setClip(picture)
                .setFace(null)
                .setFrames(List.of(new Frame(0, ByteBuffer.wrap(widePng()))))
                .build();
        ClipId text = new ClipId("call", "long-text", 0L);
        InferenceRequest wordy = request(text);
        wordy.setVisual(null);
        wordy.setVisualMissing("x".repeat(MAX * 2 / 3));
        LabelFeedback label = new LabelFeedback(id, Emotion.SAD, "x".repeat(MAX - REST), Instant.now());
        return List.of(
                bad("a clip as large as the topic takes", Topic.CLIPS, id, full, "too large to be copied"),
                new Mistake(
                        "a header as large as the topic takes",
                        Topic.CLIPS,
                        ClipKey.of(id),
                        undecodable,
                        null,
                        MAX - 1000,
                        "too large to be copied"),
                half("a half that is too large with the other", mistakes, visual, null),
                half(
                        "the other",
                        mistakes,
                        audio,
                        "with its audio half and the other one, which came first, would have"),
                bad(
                        "a picture of 16000x16 pixels",
                        Topic.INFERENCE_REQUESTS,
                        picture,
                        mistakes.bytes(
                                Topic.INFERENCE_REQUESTS,
                                InferenceRequest.class,
                                InferenceRequest.newBuilder(request(picture))
                                        .setVisual(wide)
                                        .build()),
                        "16000x16 pixels"),
                bad(
                        "a request whose result is too large",
                        Topic.INFERENCE_REQUESTS,
                        text,
                        mistakes.bytes(Topic.INFERENCE_REQUESTS, InferenceRequest.class, wordy),
                        "The result of clip call/long-text/0 would have"),
                bad(
                        "an annotator as long as the topic takes",
                        Topic.FEEDBACK,
                        id,
                        mistakes.bytes(Topic.FEEDBACK, LabelFeedback.class, label),
                        "Use at most 256 characters"));
    }

    /** The beginning of a PNG file: its header says how large the picture is, and nothing follows. */
    private static byte[] widePng() {
        return ByteBuffer.allocate(33)
                .put(new byte[] {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n', 0, 0, 0, 13, 'I', 'H', 'D', 'R'})
                .putInt(16_000)
                .putInt(16)
                .put(new byte[] {8, 2, 0, 0, 0})
                .putInt(0)
                .array();
    }

    private List<Mistake> keys(Mistakes mistakes, List<String> answered) {
        List<Mistake> all = new ArrayList<>();
        ClipId ann = new ClipId("call", "keys", 0L);
        ClipId negative = new ClipId("call", "keys", -1L);
        ClipId steering = new ClipId("call", "a\u001b[2J", 0L);
        ClipId blank = new ClipId("call", " ", 0L);
        ClipId endless = new ClipId("call", "x".repeat(100_000), 0L);
        for (Topic topic : List.of(
                Topic.CLIPS,
                Topic.VISUAL_FEATURES,
                Topic.AUDIO_FEATURES,
                Topic.INFERENCE_REQUESTS,
                Topic.FEEDBACK,
                Topic.PREDICTIONS)) {
            byte[] value = value(mistakes, topic, ann);
            all.add(new Mistake("no key on " + topic, topic, null, value, null, 0, "has no key"));
            all.add(new Mistake("no slash on " + topic, topic, "keys", value, null, 0, "has the key \"keys\""));
            all.add(new Mistake(
                    "bob's key on " + topic, topic, "call/bob", value, null, 0, "has the key \"call/bob\""));
            all.add(new Mistake("no value on " + topic, topic, "call/keys", null, null, 0, "without a value"));
            all.add(bad("-1 on " + topic, topic, negative, value(mistakes, topic, negative), "sequence number"));
            for (ClipId id : List.of(steering, blank, endless)) {
                all.add(new Mistake(
                        "the participant " + ClipKey.quoted(id.getParticipantId()) + " on " + topic,
                        topic,
                        "call/" + id.getParticipantId(),
                        value(mistakes, topic, id),
                        null,
                        0,
                        "participantId must not be empty"));
            }
        }
        ClipId twice = new ClipId("call", "twice", Long.MAX_VALUE);
        answered.add(ClipKey.name(twice));
        all.add(clip("a clip", mistakes, twice, Instant.now(), null));
        all.add(clip("the same clip again", mistakes, twice, Instant.now(), null));
        ClipId paired = new ClipId("call", "halves", 1_700_000_000_000_000_000L);
        VisualFeatures visual = VisualFeatures.newBuilder(seen).setClip(paired).build();
        answered.add(ClipKey.name(paired));
        all.add(half("a half", mistakes, visual, null));
        all.add(half("the same half again", mistakes, visual, "arrived twice"));
        all.add(half(
                "the other half",
                mistakes,
                AudioFeatures.newBuilder(heard).setClip(paired).build(),
                null));
        return all;
    }

    private byte[] value(Mistakes mistakes, Topic topic, ClipId id) {
        return switch (topic) {
            case CLIPS -> mistakes.bytes(topic, ClipSegment.class, Clips.segment(id, media, Consent.GRANTED));
            case VISUAL_FEATURES ->
                mistakes.bytes(
                        topic,
                        VisualFeatures.class,
                        VisualFeatures.newBuilder(seen).setClip(id).build());
            case AUDIO_FEATURES ->
                mistakes.bytes(
                        topic,
                        AudioFeatures.class,
                        AudioFeatures.newBuilder(heard).setClip(id).build());
            case INFERENCE_REQUESTS -> mistakes.bytes(topic, InferenceRequest.class, request(id));
            case FEEDBACK ->
                mistakes.bytes(topic, LabelFeedback.class, new LabelFeedback(id, Emotion.SAD, "ann", Instant.now()));
            case PREDICTIONS ->
                mistakes.bytes(
                        topic,
                        EmotionPrediction.class,
                        EmotionPrediction.newBuilder(prediction).setClip(id).build());
            default -> throw new IllegalArgumentException(topic + " has no members.");
        };
    }

    private InferenceRequest request(ClipId id) {
        return InferenceRequest.newBuilder()
                .setClip(id)
                .setStartMs(0)
                .setDurationMs(seen.getDurationMs())
                .setCapturedAt(Instant.now())
                .setVisual(VisualFeatures.newBuilder(seen).setClip(id).build())
                .setAudio(AudioFeatures.newBuilder(heard).setClip(id).build())
                .build();
    }

    private Mistake clip(String what, Mistakes mistakes, ClipId id, Instant capturedAt, Long timestamp) {
        ClipSegment segment = Clips.segment(id, media, Consent.GRANTED);
        segment.setCapturedAt(capturedAt);
        return new Mistake(
                what,
                Topic.CLIPS,
                ClipKey.of(id),
                mistakes.bytes(Topic.CLIPS, ClipSegment.class, segment),
                timestamp,
                0,
                null);
    }

    private static <T extends SpecificRecord> Mistake half(String what, Mistakes mistakes, T half, String reason) {
        boolean visual = half instanceof VisualFeatures;
        Topic topic = visual ? Topic.VISUAL_FEATURES : Topic.AUDIO_FEATURES;
        @SuppressWarnings("unchecked") // the class of the value itself
        byte[] value = mistakes.bytes(topic, (Class<T>) half.getClass(), half);
        return bad(what, topic, (ClipId) half.get(0), value, reason);
    }

    private static Mistake bad(String what, Topic topic, ClipId id, byte[] value, String reason) {
        return new Mistake(what, topic, ClipKey.of(id), value, null, 0, reason);
    }
}
