package io.migr.cli.deadletters;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.migr.cli.Migr;
import io.migr.cli.setup.LocalPlatform;
import io.migr.embedded.EnvironmentException;
import io.migr.runtime.config.Configuration;
import io.migr.runtime.config.Key;
import io.migr.runtime.kafka.DeadLetters;
import io.migr.runtime.kafka.KafkaClients;
import io.migr.schemas.ClipId;
import io.migr.schemas.ClipSegment;
import io.migr.schemas.Consent;
import io.migr.schemas.Topic;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The dead letter commands on a real broker; each test uses its own call. */
@Tag("slow")
class DeadLettersTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final byte[] BODY = {7, 8, 9};

    @TempDir
    static Path folder;

    private static LocalPlatform platform;
    private static KafkaClients clients;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @BeforeAll
    static void start() {
        Configuration asked = Configuration.of(
                Map.of("embedded.kafka.port", "0", "embedded.registry.port", "0", "topic.partitions", "1"));
        platform = LocalPlatform.start(asked, folder.resolve("kafka"));
        clients = platform.clients();
    }

    @AfterAll
    static void stop() {
        if (platform != null) {
            platform.close();
        }
    }

    /** Writes a dead letter as the services do; returns its id. */
    private static String bury(String topic, String call, byte[] value, String reason, int retries) throws Exception {
        byte[] key = (call + "/ann").getBytes(StandardCharsets.UTF_8);
        ProducerRecord<byte[], byte[]> letter = new ProducerRecord<>(clients.name(Topic.DEAD_LETTERS), key, value);
        letter.headers().add("theirs", new byte[] {5});
        if (retries > 0) {
            letter.headers().add(DeadLetters.RETRIES, String.valueOf(retries).getBytes(StandardCharsets.UTF_8));
        }
        DeadLetters.describe(letter.headers(), new IllegalStateException(reason), topic, 0, 41);
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(clients.producerSettings(), new ByteArraySerializer(), new ByteArraySerializer())) {
            RecordMetadata place = producer.send(letter).get();
            return place.partition() + ":" + place.offset();
        }
    }

    private static String bury(String call, int retries) throws Exception {
        return bury("migr.visual-features", call, BODY, "It is broken.", retries);
    }

    /** The records of a call on {@code topic}. */
    private static List<ConsumerRecord<String, byte[]>> records(Topic topic, String call) {
        List<ConsumerRecord<String, byte[]>> found = new ArrayList<>();
        try (KafkaConsumer<String, byte[]> consumer = clients.consumer(null)) {
            TopicPartition place = new TopicPartition(clients.name(topic), 0);
            consumer.assign(List.of(place));
            consumer.seekToBeginning(List.of(place));
            long end = consumer.endOffsets(List.of(place)).get(place);
            while (consumer.position(place) < end) {
                consumer.poll(java.time.Duration.ofMillis(100)).forEach(found::add);
            }
        }
        return found.stream()
                .filter(record -> record.key().startsWith(call + "/"))
                .toList();
    }

    private int run(String... options) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        CommandLine line = Migr.commandLine();
        line.setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
        List<String> words = new ArrayList<>(List.of("dead-letters"));
        words.addAll(List.of(options));
        for (Key key : List.of(Key.KAFKA_BOOTSTRAP_SERVERS, Key.SCHEMA_REGISTRY_URL, Key.TOPIC_PARTITIONS)) {
            words.addAll(List.of("--" + key.flag(), platform.configuration().text(key)));
        }
        return line.execute(words.toArray(String[]::new));
    }

    @Test
    void aRetriedRecordIsSentBackUnchangedAndOnlyOnce() throws Exception {
        String id = bury("once", 1);
        assertEquals(0, run("retry", id, "--dry-run"), err.toString());
        assertTrue(out.toString().contains("would be sent. To migr.visual-features, retry 2 of 3."), out.toString());
        assertEquals(0, records(Topic.VISUAL_FEATURES, "once").size());
        assertEquals(0, run("retry", id), err.toString());
        assertEquals(1, run("retry", id), "a second retry by id fails");
        assertTrue(out.toString().startsWith(id + "  retried already. It was already retried at 2"), out.toString());
        assertEquals(0, run("retry", "--call", "once"), "a second retry by filter reports it but does not fail");
        assertTrue(out.toString().startsWith(id + "  retried already."), out.toString());
        List<ConsumerRecord<String, byte[]>> sent = records(Topic.VISUAL_FEATURES, "once");
        assertEquals(1, sent.size());
        assertEquals("once/ann", sent.get(0).key());
        assertArrayEquals(BODY, sent.get(0).value());
        assertEquals(2, DeadLetters.retries(sent.get(0).headers()));
        assertEquals(5, sent.get(0).headers().lastHeader("theirs").value()[0]);
        assertNull(sent.get(0).headers().lastHeader(DeadLetters.MESSAGE), "it is no longer a dead letter");
        assertEquals(0, run("list", "--call", "once", "--state", "retried"));
        assertTrue(out.toString().startsWith(id), out.toString());
    }

    @Test
    void aRecordIsQuarantinedAfterTheMaximumNumberOfRetries() throws Exception {
        String id = bury("quarantine", 3);
        assertEquals(1, run("retry", id));
        assertTrue(out.toString().contains("quarantined. It failed after 3 retries"), out.toString());
        assertEquals(0, run("list", "--call", "quarantine", "--json"));
        JsonNode listed = JSON.readTree(out.toString());
        assertEquals("quarantined", listed.path("state").asText());
        assertEquals(3, listed.path("retries").asInt());
        assertTrue(records(Topic.VISUAL_FEATURES, "quarantine").isEmpty());
        assertEquals(0, run("retry", id, "--dead-letters-max-retries", "4"), "a higher limit allows another retry");
        assertEquals(1, records(Topic.VISUAL_FEATURES, "quarantine").size());
    }

    @Test
    void aDeadLetterWithNothingToSendSaysWhyItCannotBeRetried() throws Exception {
        ClipSegment clip = ClipSegment.newBuilder()
                .setClip(new ClipId("silent", "ann", 0L))
                .setStartMs(0)
                .setDurationMs(1)
                .setCapturedAt(Instant.EPOCH)
                .setMediaType("video/mp4")
                .setConsent(Consent.DENIED)
                .build();
        byte[] value = clients.serde(ClipSegment.class).serializer().serialize("migr.clips", clip);
        Map<String, String> reasons = Map.of(
                bury("migr.clips", "silent", value, "No consent.", 0),
                        "it may not be processed. Clip silent/ann/0 has consent DENIED",
                bury("migr.clips", "silent", null, "No value.", 0),
                        "the original record had no value, or migr.clips no longer keeps it",
                bury("elsewhere", "silent", BODY, "?", 0), "came from elsewhere, which is not one of the topics");
        reasons.forEach((id, reason) -> {
            assertEquals(1, run("retry", id));
            assertTrue(out.toString().startsWith(id + "  cannot be retried. It cannot be retried: "), out.toString());
            assertTrue(out.toString().contains(reason), out.toString());
        });
        assertEquals(0, run("retry", "--call", "silent"));
        assertTrue(err.toString().contains("3 cannot be retried"), err.toString());
        assertTrue(records(Topic.CLIPS, "silent").isEmpty());
        bury("migr.clips", "silent", BODY, "Unreadable.", 0);
        assertEquals(0, run("retry", "--call", "silent", "--reason", "unread"));
        assertEquals(1, records(Topic.CLIPS, "silent").size(), "a value that can't be parsed is sent unchanged");
    }

    /** Its consent could not be read, so the dead letter has no copy; the topic of clips still has the record. */
    @Test
    void aValueThatWasNotCopiedIsReadFromWhereItCameFrom() throws Exception {
        byte[] key = "place/ann".getBytes(StandardCharsets.UTF_8);
        ProducerRecord<byte[], byte[]> original = new ProducerRecord<>(clients.name(Topic.CLIPS), key, BODY);
        original.headers().add("original", new byte[] {6});
        RecordMetadata place;
        String id;
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(clients.producerSettings(), new ByteArraySerializer(), new ByteArraySerializer())) {
            place = producer.send(original).get();
            ProducerRecord<byte[], byte[]> letter = new ProducerRecord<>(clients.name(Topic.DEAD_LETTERS), key, null);
            DeadLetters.describe(
                    letter.headers(), new IllegalStateException("?"), "migr.clips", place.partition(), place.offset());
            RecordMetadata buried = producer.send(letter).get();
            id = buried.partition() + ":" + buried.offset();
        }
        assertEquals(0, run("show", id), err.toString());
        assertTrue(out.toString().contains("migr.clips 0:" + place.offset() + ", 3 bytes"), out.toString());
        assertEquals(0, run("retry", id), out.toString());
        ConsumerRecord<String, byte[]> sent = records(Topic.CLIPS, "place").get(1);
        assertArrayEquals(BODY, sent.value());
        assertEquals(6, sent.headers().lastHeader("original").value()[0]);
        assertEquals(1, DeadLetters.retries(sent.headers()));
    }

    @Test
    void filtersAreCombined() throws Exception {
        String old = bury("migr.audio-features", "filter", BODY, "The first reason.", 0);
        Thread.sleep(20);
        String between = Instant.now().toString();
        Thread.sleep(20);
        String clip = bury("migr.clips", "filter", BODY, "The second reason.", 0);
        bury("migr.clips", "filter-not", BODY, "The second reason.", 0);
        assertEquals(List.of(old, clip), ids("--call", "filter"));
        assertEquals(List.of(old), ids("--call", "filter", "--topic", "audio-features"));
        assertEquals(List.of(old), ids("--call", "filter", "--topic", "migr.audio-features"));
        assertEquals(List.of(clip), ids("--call", "filter", "--reason", "SECOND"));
        assertEquals(List.of(old, clip), ids("--call", "filter", "--since", "10m"));
        assertEquals(List.of(), ids("--call", "filter", "--until", "10m"));
        assertEquals(List.of(clip), ids("--call", "filter", "--since", between));
        assertEquals(List.of(old), ids("--call", "filter", "--until", between));
        assertEquals(List.of(), ids("--call", "filter", "--state", "retried"));
        assertEquals(2, run("list", "--since", "yesterday"));
        assertTrue(err.toString().contains("\"yesterday\" is not a time"), err.toString());
    }

    private List<String> ids(String... options) throws Exception {
        List<String> words = new ArrayList<>(List.of("list", "--json"));
        words.addAll(List.of(options));
        assertEquals(0, run(words.toArray(String[]::new)), err.toString());
        List<String> ids = new ArrayList<>();
        for (String line : out.toString().lines().toList()) {
            ids.add(JSON.readTree(line).path("id").asText());
        }
        return ids;
    }

    @Test
    void showPrintsAllDetails() throws Exception {
        String id = bury("shown", 0);
        assertEquals(0, run("show", id));
        assertTrue(out.toString().contains("original  migr.visual-features 0:41, 3 bytes"), out.toString());
        assertTrue(out.toString().contains("IllegalStateException: It is broken."), out.toString());
        assertEquals(0, run("show", id, "--json"));
        assertEquals("41", JSON.readTree(out.toString()).path("offset").asText());
        assertEquals(1, run("show", "0:999999"));
        assertEquals(1, run("retry", "0:999999"));
        assertTrue(out.toString().contains("0:999999  not there."), out.toString());
    }

    @Test
    void retryNeedsEitherIdsOrAFilter() {
        assertEquals(2, run("retry"));
        assertEquals(2, run("retry", "0:1", "--call", "x"));
        assertEquals(2, run());
    }

    @Test
    void aSecondRetrierFencesTheFirstAndNothingIsSentTwice() throws Exception {
        String id = bury("raced", 0);
        try (DeadLetterRetrier first = new DeadLetterRetrier(clients);
                DeadLetterRetrier second = new DeadLetterRetrier(clients)) {
            List<DeadLetter> found = new ArrayList<>();
            new DeadLetterLog(platform.configuration(), clients).forEach(letter -> {
                if (letter.id().equals(id)) {
                    found.add(letter);
                }
            });
            second.send(found.get(0));
            String message = assertThrows(EnvironmentException.class, () -> first.send(found.get(0)))
                    .getMessage();
            assertTrue(message.startsWith("Another migr dead-letters retry was started"), message);
        }
        assertEquals(1, records(Topic.VISUAL_FEATURES, "raced").size());
        assertFalse(records(Topic.DEAD_LETTERS, "raced").isEmpty(), "the dead letter stays in its topic");
    }
}
