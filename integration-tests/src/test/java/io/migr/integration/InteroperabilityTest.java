package io.migr.integration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.migr.runtime.config.Configuration;
import io.migr.runtime.config.Key;
import io.migr.runtime.kafka.KafkaClients;
import io.migr.schemas.ClipId;
import io.migr.schemas.ClipKey;
import io.migr.schemas.ClipSegment;
import io.migr.schemas.Consent;
import io.migr.schemas.EmotionExplanation;
import io.migr.schemas.EmotionPrediction;
import io.migr.schemas.EmotionTimeline;
import io.migr.schemas.HttpSchemaRegistry;
import io.migr.schemas.Topic;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Runs third-party clients against streams and worker. Our producers compress with zstd, which kafkajs can't read, so
 * topics that third parties read must be recompressed.
 */
@Tag("slow")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@ExtendWith(SharedBroker.class)
@TestInstance(Lifecycle.PER_CLASS)
class InteroperabilityTest {
    private static final Duration LONGEST = Duration.ofMinutes(4);

    private Configuration configuration;
    private KafkaClients clients;
    private NodeClients node;
    private ServiceProcess streams;
    private ServiceProcess worker;
    private Path file;
    private byte[] media;

    @BeforeAll
    void start(Broker broker) throws Exception {
        if (NodeClients.missing() != null) {
            return; // each test reports it
        }
        node = NodeClients.install();
        configuration = broker.configuration("interop", Map.of("kafka.compression.type", "zstd"), Map.of());
        clients = Broker.clients(configuration);
        clients.registerSchemas();
        streams = ServiceProcess.start("streams", configuration);
        worker = ServiceProcess.start("worker", configuration);
        media = Clips.mp4(37); // a smile, which the shipped model answers
        file = Files.write(Path.of("target", "interoperability.mp4").toAbsolutePath(), media);
        streams.awaitReady();
        worker.awaitReady();
    }

    @BeforeEach
    void skipWithoutNode() throws InterruptedException {
        String missing = NodeClients.missing();
        assumeTrue(missing == null, "SKIPPED: " + missing + " is not installed, so the Node clients are not tested");
    }

    @AfterAll
    void stop() throws InterruptedException {
        for (ServiceProcess process : new ServiceProcess[] {worker, streams}) {
            if (process != null) {
                process.close();
            }
        }
    }

    /** With a hand-written schema: no mediaReference, no documentation, no Java properties. */
    @Order(2)
    @Test
    void kafkajsAndItsRegistryClientWriteAndRead() throws Exception {
        Schema theirs = clipOfAnotherClientIsAnswered("kafkajs-registry.mjs", "kafkajs");
        assertEquals(null, theirs.getField("mediaReference"));
        assertEquals(null, theirs.getField("mediaType").schema().getProp("avro.java.string"));
    }

    /** With the latest schema in the registry. Runs first, because the other test registers one without documentation. */
    @Order(1)
    @Test
    void confluentsRegistryClientForNodeWritesAndReads() throws Exception {
        Schema theirs = clipOfAnotherClientIsAnswered("confluent-registry.mjs", "confluent");
        assertEquals(ClipSegment.getClassSchema(), theirs);
    }

    /** Sends a clip with another client and checks the results; returns the schema that the clip was written with. */
    private Schema clipOfAnotherClientIsAnswered(String script, String participant) throws Exception {
        ClipSegment clip = Clips.segment(new ClipId("call", participant, 0L), media, Consent.GRANTED);
        clip.setCapturedAt(Instant.ofEpochMilli(1_764_000_000_123L));
        String key = ClipKey.of(clip.getClip());
        JsonNode sent = node.run(script, write(clip));
        assertEquals(clip, FirstRecord.of(clients, Topic.CLIPS, ClipSegment.class, key));

        try (Committed committed = new Committed(clients)) {
            String name = ClipKey.name(clip.getClip());
            committed.until(() -> committed.predicted(key).equals(List.of(name)) || committed.dead(name), LONGEST);
            assertEquals(List.of(), committed.deadLetters);
        }
        EmotionPrediction prediction = readByBoth(script, Topic.PREDICTIONS, EmotionPrediction.class, clip.getClip());
        assertEquals(clip.getCapturedAt(), prediction.getCapturedAt());
        assertEquals(null, prediction.getMissingModality());
        EmotionExplanation explanation =
                readByBoth(script, Topic.EXPLANATIONS, EmotionExplanation.class, clip.getClip());
        assertEquals(prediction.getModelVersion(), explanation.getModelVersion());
        EmotionTimeline timeline = readByBoth(script, Topic.TIMELINE, EmotionTimeline.class, clip.getClip());
        assertEquals(1, timeline.getClips());
        return new HttpSchemaRegistry(configuration.text(Key.SCHEMA_REGISTRY_URL), null)
                .byId(sent.get("schemaId").asInt());
    }

    private ObjectNode options(String what, Topic topic) {
        return NodeClients.JSON
                .createObjectNode()
                .put("do", what)
                .put("brokers", configuration.text(Key.KAFKA_BOOTSTRAP_SERVERS))
                .put("registry", configuration.text(Key.SCHEMA_REGISTRY_URL))
                .put("topic", clients.name(topic));
    }

    private ObjectNode write(ClipSegment clip) {
        ObjectNode options = options("write", Topic.CLIPS);
        options.put("key", ClipKey.of(clip.getClip())).put("media", file.toString());
        ObjectNode record = options.putObject("record");
        record.putObject("clip")
                .put("callId", clip.getClip().getCallId())
                .put("participantId", clip.getClip().getParticipantId())
                .put("sequence", clip.getClip().getSequence());
        record.put("startMs", clip.getStartMs())
                .put("durationMs", clip.getDurationMs())
                .put("capturedAt", clip.getCapturedAt().toEpochMilli())
                .put("mediaType", clip.getMediaType())
                .put("consent", clip.getConsent().name());
        return options;
    }

    /** Reads a participant's first record on a topic with both clients and checks that they agree. */
    private <T extends SpecificRecord> T readByBoth(String script, Topic topic, Class<T> type, ClipId clip)
            throws Exception {
        T ours = FirstRecord.of(clients, topic, type, ClipKey.of(clip));
        JsonNode theirs = node.run(script, options("read", topic).put("participant", clip.getParticipantId()));
        assertEquals(ClipKey.of(clip), theirs.get("key").asText());
        SameValues.check(ours, theirs.get("record"));
        return ours;
    }
}
