package io.migr.cli.replay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.migr.cli.feed.Feeder;
import io.migr.cli.replay.Recording.CommandResult;
import io.migr.cli.setup.Services;
import io.migr.features.SegmentCutter.Segment;
import io.migr.model.ClipAnalyser;
import io.migr.replay.MediaRequests;
import io.migr.replay.ReplayPlans;
import io.migr.replay.ReplayRun;
import io.migr.runtime.config.Configuration;
import io.migr.runtime.config.Key;
import io.migr.runtime.kafka.DeadLetters;
import io.migr.runtime.kafka.KafkaClients;
import io.migr.schemas.CarriedMedia;
import io.migr.schemas.ClipId;
import io.migr.schemas.ClipKey;
import io.migr.schemas.ClipSegment;
import io.migr.schemas.Consent;
import io.migr.schemas.ConsentPurpose;
import io.migr.schemas.ConsentTerms;
import io.migr.schemas.InferenceRequest;
import io.migr.schemas.MediaReference;
import io.migr.schemas.OffsetRange;
import io.migr.schemas.ParticipantBaseline;
import io.migr.schemas.ReplayPlan;
import io.migr.schemas.Topic;
import io.migr.worker.ExplanationVerifier;
import io.migr.worker.WorkerVerifier;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.StreamSupport;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Replays recorded clips from their media. */
@ExtendWith(Recording.Shared.class)
@Tag("slow")
class MediaReplayTest {
    private static final int CLIPS = Recording.CLIPS;

    private final Recording recording;

    MediaReplayTest(Recording recording) {
        this.recording = recording;
    }

    @AfterEach
    void offsetsOfOtherGroupsAreUnchanged() throws Exception {
        recording.assertOffsetsOfOtherGroupsAreUnchanged();
    }

    private static List<String> failures(JsonNode report) {
        return StreamSupport.stream(report.path("failures").spliterator(), false)
                .map(JsonNode::asText)
                .sorted()
                .toList();
    }

    /** Checks that the three clips refused during recording are listed, in the order of their keys. */
    private void assertTheRefusedAreListed(JsonNode report) {
        List<String> failures = failures(report);
        assertEquals(3, report.path("failed").asInt(), report.toString());
        assertEquals(3, failures.size());
        assertTrue(failures.get(0).matches("odd/broken \\(\\d+:\\d+\\): Clip odd/broken/0: Nothing .*"), failures + "");
        assertTrue(failures.get(1).contains("Clip odd/denied/0 has consent DENIED"), failures.toString());
        assertTrue(failures.get(2).contains("Clip one/p0/0 was sent before"), failures.toString());
        assertTrue(failures.get(0).endsWith(recording.dead().get(Recording.BROKEN)), "the reason as recorded");
    }

    @Test
    void answersEqualTheRecordedOnesByteForByteAndRefusedClipsAreListed() throws Exception {
        JsonNode report = recording.replay("--from", "1h", "--from-media", "--worker-batch-size", "1", "--id", "media");
        assertEquals(CLIPS, report.path("clips").asInt(), report.toString());
        assertEquals(CLIPS, report.path("same").asInt(), report.toString());
        assertEquals(0, report.path("unmatched").asInt());
        assertTheRefusedAreListed(report);
        assertEquals("migr.clips", ReplayRun.topic(recording.planned("media")));
        assertEquals(
                Recording.bytes(recording.predictions()),
                Recording.bytes(recording.predictions("media", ReplayRun.MODEL)));
        assertEquals(recording.explanations(), recording.explanations("media", ReplayRun.MODEL));
        List<String> letters = new ArrayList<>();
        recording.read(Topic.REPLAY_DEAD_LETTERS, letter -> {
            if ("media".equals(DeadLetters.text(letter.headers(), ReplayRun.ID))) {
                assertNull(letter.value(), "media is not copied");
                assertEquals("migr.clips", DeadLetters.text(letter.headers(), DeadLetters.TOPIC));
                letters.add(letter.key());
            }
        });
        assertEquals(3, letters.size());
        CommandResult table = recording.run("replay", "--id", "media", "--report");
        assertTrue(table.out().contains("3 were not answered:\n"), table.out() + table.err());
    }

    /** But for the pictures and the sound, which the recorded ones do not carry and a model may need. */
    @Test
    void requestsMadeFromMediaEqualTheRecordedOnes() {
        KafkaClients clients = recording.platform().clients();
        var values = clients.serde(InferenceRequest.class);
        Map<String, String> recorded = new TreeMap<>();
        recording.read(
                Topic.INFERENCE_REQUESTS,
                record -> recorded.put(
                        ClipKey.name(values.deserializer()
                                .deserialize(record.topic(), record.value())
                                .getClip()),
                        HexFormat.of().formatHex(record.value())));
        Map<String, String> made = new TreeMap<>();
        int[] refused = {0};
        try (MediaRequests requests = requests(recording.platform().configuration(), clients)) {
            for (int partition = 0; partition < 2; partition++) {
                requests.begin(new TopicPartition(clients.name(Topic.CLIPS), partition), 0);
            }
            recording.read(Topic.CLIPS, record -> {
                try {
                    InferenceRequest request = requests.request(record);
                    assertFalse(CarriedMedia.isMissing(request));
                    request.getVisual().setFrames(List.of());
                    request.getAudio().setSound(null);
                    made.put(
                            ClipKey.name(request.getClip()),
                            HexFormat.of()
                                    .formatHex(values.serializer()
                                            .serialize(clients.name(Topic.INFERENCE_REQUESTS), request)));
                } catch (IllegalArgumentException e) {
                    refused[0]++;
                }
            });
        }
        assertEquals(CLIPS, recorded.size());
        assertEquals(recorded, made);
        assertEquals(3, refused[0]);
        assertTrue(recording.predictions().values().stream()
                .anyMatch(one -> "there is no audio track".equals(one.getMissingModality())));
    }

    @Test
    void whereTheRequestsAreGoneBaselinesAreRebuiltAndMarkedPartial() {
        Configuration other = recording
                .platform()
                .configuration()
                .with(Map.of(Key.TOPIC_PREFIX, "alone.", Key.TOPIC_PARTITIONS, "1"));
        KafkaClients clients = new KafkaClients(other);
        clients.ensureTopics();
        clients.registerSchemas();
        Map<String, ParticipantBaseline> recorded = new TreeMap<>();
        KafkaClients recorder = recording.platform().clients();
        recording.read(Topic.INFERENCE_REQUESTS, record -> {
            InferenceRequest request =
                    recorder.serde(InferenceRequest.class).deserializer().deserialize(record.topic(), record.value());
            if (request.getBaseline() != null) {
                request.getBaseline().setPartial(true);
            }
            recorded.put(ClipKey.name(request.getClip()), request.getBaseline());
        });
        try (Producer<String, byte[]> producer = clients.producer(null)) {
            recording.read(
                    Topic.CLIPS,
                    clip -> producer.send(
                            new ProducerRecord<>("alone.clips", null, clip.timestamp(), clip.key(), clip.value())));
        }
        TopicPartition place = new TopicPartition("alone.clips", 0);
        List<ConsumerRecord<String, byte[]>> clips = new ArrayList<>();
        try (Consumer<String, byte[]> consumer = clients.consumer(null)) {
            consumer.assign(List.of(place));
            consumer.seek(place, 0);
            long end = consumer.endOffsets(List.of(place)).get(place);
            while (consumer.position(place) < end) {
                consumer.poll(Duration.ofMillis(200)).forEach(clips::add);
            }
        }
        assertTrue(recorded.values().stream().anyMatch(one -> one != null), "some clips have a baseline");
        for (int from : new int[] {0, clips.size() / 2}) {
            Map<String, ParticipantBaseline> made = new TreeMap<>();
            try (MediaRequests requests = requests(other, clients)) {
                requests.begin(place, from);
                for (ConsumerRecord<String, byte[]> clip : clips.subList(from, clips.size())) {
                    try {
                        InferenceRequest request = requests.request(clip);
                        made.put(ClipKey.name(request.getClip()), request.getBaseline());
                    } catch (IllegalArgumentException e) {
                        // refused when it was recorded, too
                    }
                }
            }
            assertFalse(made.isEmpty());
            made.forEach((clip, baseline) -> assertEquals(recorded.get(clip), baseline, clip + " from " + from));
        }
    }

    @Test
    void aClipSentTwiceIsRecognisedWhereverAReplayBegins() throws Exception {
        List<ConsumerRecord<String, byte[]>> sent = new ArrayList<>();
        recording.read(Topic.CLIPS, record -> {
            if (record.key().equals("one/p0")) {
                sent.add(record);
            }
        });
        ConsumerRecord<String, byte[]> again = sent.get(sent.size() - 1);
        String place = again.partition() + ":" + again.offset() + "-" + (again.offset() + 1);
        JsonNode report = recording.replay("--offsets", place, "--from-media", "--id", "again");
        assertEquals(1, report.path("failed").asInt(), report.toString());
        assertEquals(0, report.path("clips").asInt());
        assertTrue(failures(report).get(0).contains("was sent before"), report.toString());
        recording.refused(1, "No clip of the call three", "--call", "three", "--from-media");
    }

    @Test
    void aStoppedReplayOfTwoVersionsContinuesAndCountsEachClipOnce() throws Exception {
        String configured = recording.configured();
        KafkaClients clients = recording.platform().clients();
        Configuration configuration = recording.platform().configuration();
        ReplayPlan plan = new ReplayPlans(clients)
                .storeIfAbsent(ReplayPlan.newBuilder(recording.plan("media-range", Topic.CLIPS, 4))
                        .setId("media-stopped")
                        .setAgainst(configured)
                        .build());
        try (CountingAnalyser analyser =
                        new CountingAnalyser(Services.loader(configuration).load(Optional.empty()), 0);
                ClipAnalyser against = Services.loader(configuration).load(Optional.empty());
                ExplanationVerifier verifier = WorkerVerifier.open(configuration);
                MediaRequests requests = requests(configuration, clients)) {
            assertFalse(new ReplayRun(clients, plan, List.of(analyser, against), verifier, requests)
                    .run(done -> {}, () -> analyser.clips() > 0));
            assertTrue(analyser.clips() > 0 && analyser.clips() < CLIPS, "stopped after " + analyser.clips());
        }
        JsonNode report = recording.replay("--id", "media-stopped");
        assertEquals(CLIPS, report.path("same").asInt(), report.toString());
        assertTheRefusedAreListed(report);
        recording.replay("--from", "1h", "--from-media", "--id", "media-whole");
        for (String side : List.of(ReplayRun.MODEL, ReplayRun.AGAINST)) {
            assertEquals(
                    Recording.bytes(recording.predictions("media-whole", ReplayRun.MODEL)),
                    Recording.bytes(recording.predictions("media-stopped", side)));
        }
        recording.refused(1, "already exists, with", "--id", "media-whole", "--from", "1h");
    }

    /** Also where the key is wrong, and for terms that have ended since the clip was sent. */
    @Test
    void consentIsLookedAtFirstAndAtTheTimeOfTheReplay() throws Exception {
        KafkaClients clients = new KafkaClients(recording
                .platform()
                .configuration()
                .with(Map.of(Key.TOPIC_PREFIX, "agreed.", Key.TOPIC_PARTITIONS, "1")));
        clients.ensureTopics();
        clients.registerSchemas();
        ClipSegment segment = ClipSegment.newBuilder()
                .setClip(new ClipId("call", "ann", 0L))
                .setStartMs(0)
                .setDurationMs(3000)
                .setCapturedAt(Instant.EPOCH)
                .setMediaType("video/mp4")
                .setMedia(ByteBuffer.wrap(new byte[] {1}))
                .setConsent(Consent.DENIED)
                .build();
        var values = clients.serde(ClipSegment.class).serializer();
        try (Producer<String, byte[]> producer = clients.producer(null)) {
            producer.send(new ProducerRecord<>("agreed.clips", "1/key", values.serialize("agreed.clips", segment)));
            segment.setMedia(null);
            segment.setMediaReference(new MediaReference("file:///nowhere", "", 1L));
            producer.send(new ProducerRecord<>("agreed.clips", "2/file", values.serialize("agreed.clips", segment)));
            segment.setConsent(Consent.GRANTED);
            segment.setTerms(ConsentTerms.newBuilder()
                    .setPurposes(List.of(ConsentPurpose.ANALYSIS))
                    .setExpiresAt(Instant.now().minusSeconds(1))
                    .build());
            producer.send(new ProducerRecord<>("agreed.clips", "3/ended", values.serialize("agreed.clips", segment)));
            producer.send(new ProducerRecord<>("agreed.clips", "4/bytes", new byte[] {1}));
            segment.setTerms(null);
            producer.send(new ProducerRecord<>("agreed.clips", "5/other", values.serialize("agreed.clips", segment)));
        }
        List<String> failures = failures(
                recording.replay("--topic-prefix", "agreed.", "--from-media", "--from", "1h", "--id", "agreed"));
        assertEquals(5, failures.size(), failures.toString());
        assertTrue(failures.get(0).contains("Clip call/ann/0 has consent DENIED"), failures.toString());
        assertTrue(failures.get(1).contains("Clip call/ann/0 has consent DENIED"), failures.toString());
        assertTrue(failures.get(2).contains("Clip call/ann/0 has consent that expired at"), failures.toString());
        assertTrue(failures.get(3).contains("Whether there is consent cannot be read"), failures.toString());
        assertTrue(failures.get(4).contains("has the key \"5/other\""), failures.toString());
    }

    @Test
    void clipsDeletedByRetentionAreReported() throws Exception {
        Configuration other =
                recording.platform().configuration().with(Map.of(Key.TOPIC_PREFIX, "gone.", Key.TOPIC_PARTITIONS, "1"));
        KafkaClients clients = new KafkaClients(other);
        clients.ensureTopics();
        clients.registerSchemas();
        try (Feeder feeder = new Feeder(clients)) {
            for (long i = 0; i < 3; i++) {
                feeder.deliver(
                        new ClipId("call", "ann", i),
                        new Segment(new byte[] {1}, "video/mp4", 0, 3000),
                        Consent.GRANTED);
            }
        }
        TopicPartition place = new TopicPartition("gone.clips", 0);
        String[] media = {"--topic-prefix", "gone.", "--from-media", "--from", "1h"};
        ReplayPlan plan = new ReplayPlans(clients)
                .storeIfAbsent(ReplayPlan.newBuilder()
                        .setId("late")
                        .setRanges(List.of(new OffsetRange(place.topic(), 0, 0L, 3L)))
                        .setModel(recording.configured())
                        .setBatchSize(1)
                        .setAsked("--offsets 0:0-3 --from-media")
                        .setStartedAt(Instant.now())
                        .build());
        delete(place, 2);
        CommandResult part =
                recording.run("replay", "--topic-prefix", "gone.", "--from-media", "--from", "1h", "--id", "part");
        assertEquals(0, part.code(), part.err());
        assertTrue(
                part.err().contains("The offsets below 2 in partition 0 of gone.clips were deleted by retention"),
                part.err());
        assertTrue(part.out().contains("1 were not answered:\n    call/ann (0:2): Clip call/ann/2: "), part.out());
        recording.refused(
                1,
                "Earlier ones were deleted by retention",
                "--topic-prefix",
                "gone.",
                "--from-media",
                "--offsets",
                "0:0-3");
        assertTrue(assertThrows(IllegalStateException.class, () -> new ReplayRun(clients, plan, List.of(), null)
                        .run(done -> {}, () -> false))
                .getMessage()
                .startsWith("The replay late cannot be finished: of gone.clips-0 it still has to read the offsets 0-3,"
                        + " and those below 2 were deleted by the topic's retention"));
        delete(place, 3);
        recording.refused(1, "has none. The offsets below 3 in partition 0 of gone.clips were deleted", media);
        recording.refused(1, "leave out --from-media", media);
    }

    private void delete(TopicPartition place, long below) throws Exception {
        try (Admin admin = recording.platform().clients().admin()) {
            admin.deleteRecords(Map.of(place, RecordsToDelete.beforeOffset(below)))
                    .all()
                    .get();
        }
    }

    private static MediaRequests requests(Configuration configuration, KafkaClients clients) {
        return new MediaRequests(configuration, clients, Services.extractor(configuration));
    }
}
