package io.migr.integration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.migr.integration.Committed.DeadLetter;
import io.migr.integration.FrontRegistry.Fault;
import io.migr.runtime.config.Configuration;
import io.migr.runtime.config.Key;
import io.migr.runtime.kafka.KafkaClients;
import io.migr.schemas.ClipId;
import io.migr.schemas.ClipKey;
import io.migr.schemas.ClipSegment;
import io.migr.schemas.Consent;
import io.migr.schemas.Topic;
import io.migr.streams.StreamsService;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Writers with schemas of all kinds, and a registry that answers with errors. The services may only read schemas there,
 * and the first of the two addresses that they have is away.
 */
@Tag("slow")
@ExtendWith(SharedBroker.class)
@TestInstance(Lifecycle.PER_CLASS)
class SchemasTest {
    private static final Duration LONGEST = Duration.ofMinutes(3);
    private static final String OURS = ClipSegment.getClassSchema().toString();
    private static final String MILLIS = "\"timestamp-millis\"";
    private static final Instant CAPTURED = Instant.ofEpochMilli(Instant.now().toEpochMilli());

    private FrontRegistry front;
    private Configuration configuration;
    private KafkaClients clients;
    private ServiceProcess streams;
    private ServiceProcess worker;
    private byte[] media;
    private int nextId = 1_000_000;

    /** A record whose writer has its own schema. */
    private record Member(String participant, Topic topic, byte[] value, String reason) {}

    @BeforeAll
    void start(Broker broker) throws Exception {
        front = new FrontRegistry(broker.registryUrl());
        configuration = broker.configuration(
                "schemas",
                Map.of(
                        Key.SCHEMA_REGISTRY_URL,
                        "http://127.0.0.1:1," + front.url(),
                        Key.SCHEMA_REGISTRY_TOKEN,
                        FrontRegistry.WRITER));
        clients = Broker.clients(configuration);
        clients.registerSchemas();
        clients.ensureSchemas(StreamsService.changelogs(configuration));
        Configuration reading = configuration.with(
                Map.of(Key.SCHEMA_REGISTRY_TOKEN, FrontRegistry.READER, Key.SCHEMA_REGISTRY_REGISTER, "off"));
        streams = ServiceProcess.start("streams", reading);
        worker = ServiceProcess.start("worker", reading);
        media = Clips.mp4(4);
        streams.awaitReady();
        worker.awaitReady();
    }

    @AfterAll
    void stop() throws InterruptedException {
        worker.close();
        streams.close();
        front.close();
    }

    /** Gives a new id to a schema; {@code references}: a JSON array, or null. */
    private int schema(String type, String text, String references) throws Exception {
        int id = nextId++;
        ObjectNode node = JsonNodeFactory.instance.objectNode().put("schema", text);
        if (type != null) {
            node.put("schemaType", type);
        }
        String json = node.toString();
        front.answer(
                "/schemas/ids/" + id,
                references == null ? json : json.replaceFirst("}$", ",\"references\":" + references + "}"));
        return id;
    }

    private byte[] clip(String participant, Instant capturedAt, int id) {
        ClipSegment segment = Clips.segment(new ClipId("call", participant, 0L), media, Consent.GRANTED);
        segment.setCapturedAt(capturedAt);
        byte[] value = clients.serde(ClipSegment.class).serializer().serialize(clients.name(Topic.CLIPS), segment);
        return ByteBuffer.wrap(value).putInt(1, id).array();
    }

    private static byte[] bytes(int id) {
        return ByteBuffer.allocate(20).putInt(1, id).array();
    }

    private List<Member> members() throws Exception {
        String id = ClipSegment.getClassSchema().getField("clip").schema().toString();
        String nested = id.replace("\"namespace\":\"io.migr.schemas\",", "");
        String referring = OURS.replace(nested, "\"ClipId\"");
        assertNotEquals(OURS, referring);
        front.answer(
                "/subjects/clip-ids/versions/3",
                JsonNodeFactory.instance.objectNode().put("schema", id).toString());
        int references = schema(
                null, referring, "[{\"name\":\"io.migr.schemas.ClipId\",\"subject\":\"clip-ids\",\"version\":3}]");
        int branch = schema("AVRO", OURS.replaceFirst("\"default\":null", "\"default\":\"\""), null);
        int micros = schema(null, OURS.replace(MILLIS, "\"timestamp-micros\""), null);
        int days = schema(
                null,
                OURS.replace(
                        "{\"type\":\"long\",\"logicalType\":" + MILLIS + "}",
                        "{\"type\":\"int\",\"logicalType\":\"date\"}"),
                null);
        int protobuf = schema("PROTOBUF", "syntax = \"proto3\"; message Clip {}", null);
        int json = schema("JSON", "{\"type\":\"object\"}", null);
        int broken = schema(null, "{\"type\":\"record\"", null);
        int dangling = schema(null, referring, "[{\"name\":\"x\",\"subject\":\"gone\",\"version\":1}]");
        List<Member> members = new ArrayList<>(List.of(
                new Member("references", Topic.CLIPS, clip("references", CAPTURED, references), null),
                new Member("branch", Topic.CLIPS, clip("branch", CAPTURED, branch), null),
                new Member(
                        "micros",
                        Topic.CLIPS,
                        clip("micros", Instant.ofEpochMilli(CAPTURED.toEpochMilli() * 1000), micros),
                        null),
                new Member("days", Topic.CLIPS, clip("days", Instant.ofEpochMilli(20_000), days), "date"),
                new Member("unknown", Topic.CLIPS, bytes(999_999), "999999"),
                new Member("negative", Topic.CLIPS, bytes(-1), "negative"),
                new Member("broken", Topic.CLIPS, bytes(broken), "not a valid Avro schema"),
                new Member("dangling", Topic.CLIPS, bytes(dangling), "gone")));
        for (Topic topic : List.of(
                Topic.CLIPS, Topic.VISUAL_FEATURES, Topic.AUDIO_FEATURES, Topic.INFERENCE_REQUESTS, Topic.FEEDBACK)) {
            members.add(new Member("protobuf-" + topic, topic, bytes(protobuf), "PROTOBUF"));
            members.add(new Member("json-" + topic, topic, bytes(json), "JSON"));
        }
        return members;
    }

    @Test
    void eachWritersRecordIsUsedOrIsOneDeadLetter() throws Exception {
        List<Member> members = members();
        try (Clips clips = new Clips(clients);
                Committed committed = new Committed(clients)) {
            for (Member member : members) {
                clips.send(clients.name(member.topic()), "call/" + member.participant(), member.value());
            }
            List<String> used = new ArrayList<>(List.of(clips.send("good", 0, media)));
            members.stream()
                    .filter(member -> member.reason() == null)
                    .forEach(member -> used.add("call/" + member.participant() + "/0"));
            List<Member> refused =
                    members.stream().filter(member -> member.reason() != null).toList();
            committed.until(
                    () -> committed.predicted("call/").containsAll(used)
                            && refused.stream().allMatch(member -> committed.dead("call/" + member.participant())),
                    LONGEST);
            for (Member member : refused) {
                List<DeadLetter> letters = committed.deadLetters.stream()
                        .filter(letter -> ("call/" + member.participant()).equals(letter.key()))
                        .toList();
                assertEquals(1, letters.size(), letters.toString());
                assertTrue(letters.get(0).reason().contains(member.reason()), letters.toString());
            }
            committed.predictions.stream()
                    .filter(one -> one.getClip().getParticipantId().equals("micros"))
                    .forEach(one -> assertEquals(CAPTURED, one.getCapturedAt()));
        }
    }

    @Test
    void whatTheRegistryAnswersAboutItselfIsWaitedFor() throws Exception {
        List<Fault> faults = List.of(
                new Fault(429, "{\"error_code\":429,\"message\":\"slow down\"}"),
                new Fault(403, "{\"error_code\":40301,\"message\":\"not you\"}"),
                new Fault(200, "<html>log in first</html>"));
        try (Clips clips = new Clips(clients);
                Committed committed = new Committed(clients)) {
            committed.poll();
            int before = committed.deadLetters.size();
            List<String> sent = new ArrayList<>();
            for (int i = 0; i < faults.size(); i++) {
                int id = schema(null, OURS, null);
                String waiting = "waiting-" + i;
                front.fault(faults.get(i));
                clips.send(clients.name(Topic.CLIPS), "call/" + waiting, clip(waiting, CAPTURED, id));
                sent.add(ClipKey.name(new ClipId("call", waiting, 0L)));
                sent.add(clips.send("beside-" + i, 0, media));
                for (int wait = 0; front.faults() < 2 && wait < 600; wait++) {
                    Thread.sleep(50);
                }
                HttpResponse<String> ready = streams.get("readyz");
                assertEquals(503, ready.statusCode(), ready.body());
                assertTrue(ready.body().contains("schema registry"), ready.body());
                assertEquals(0, streams.metric("migr_schema_registry_available"));
                assertEquals(200, streams.get("livez").statusCode());
                front.fault(null);
            }
            committed.until(() -> committed.predicted("call/").containsAll(sent), LONGEST);
            assertFalse(committed.deadLetters.stream().skip(before).anyMatch(letter -> String.valueOf(letter.key())
                    .matches("call/(waiting|beside).*")));
            assertEquals(200, streams.get("readyz").statusCode());
        }
    }

    @Test
    void aServiceWhoseSchemasAreMissingAndMayNotBeRegisteredSaysWhichAndEnds() throws Exception {
        Configuration lacking = configuration.with(Map.of(
                Key.TOPIC_PREFIX,
                "schemas-missing.",
                Key.SCHEMA_REGISTRY_TOKEN,
                FrontRegistry.READER,
                Key.SCHEMA_REGISTRY_REGISTER,
                "off"));
        try (ServiceProcess service = ServiceProcess.start("worker", lacking)) {
            assertNotEquals(0, service.ended());
            String output = service.output();
            assertTrue(output.contains("schema.registry.register=off forbids"), output);
            assertTrue(output.contains("schemas-missing.predictions-value"), output);
            assertTrue(output.contains("schemas-missing.explanations-value"), output);
        }
    }
}
