package io.migr.integration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.migr.model.checkpoint.EmotionModel;
import io.migr.runtime.config.Configuration;
import io.migr.runtime.config.Key;
import io.migr.runtime.kafka.KafkaClients;
import io.migr.runtime.models.ModelRegistry;
import io.migr.schemas.ClipId;
import io.migr.schemas.ClipKey;
import io.migr.schemas.Emotion;
import io.migr.schemas.EmotionTimeline;
import io.migr.schemas.HttpSchemaRegistry;
import io.migr.schemas.InferenceRequest;
import io.migr.schemas.ModelStatus;
import io.migr.schemas.Topic;
import io.migr.schemas.TrainingExample;
import io.migr.trainer.round.ExampleLog;
import io.migr.trainer.round.KafkaExampleLog;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.file.DataFileStream;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Puts records on the topics that earlier releases wrote, and lets the present services use them. The files
 * {@code earlier/N.avro} hold the records of one drawn clip as the release with the schemas {@code released/N} wrote
 * them, without the five bytes that name the schema.
 */
@Tag("slow")
@ExtendWith(SharedBroker.class)
class EarlierRecordsTest {
    private static final Path SHIPPED = Path.of("").toAbsolutePath().resolveSibling("model/weights/tiny");
    private static final Path SCHEMAS =
            Path.of("").toAbsolutePath().resolveSibling("schemas/src/test/resources/released");
    private static final Duration LONGEST = Duration.ofSeconds(90);

    /** A record of an earlier release; the value has no schema id. */
    private record Earlier(Topic topic, String key, byte[] value) {}

    private final List<String> read = new ArrayList<>();
    private final List<String> refused = new ArrayList<>();
    private Configuration configuration;
    private KafkaClients clients;
    private HttpSchemaRegistry registry;

    private static List<Earlier> earlier(int release) throws IOException {
        List<Earlier> records = new ArrayList<>();
        try (InputStream file = EarlierRecordsTest.class.getResourceAsStream("/earlier/" + release + ".avro");
                DataFileStream<GenericRecord> all = new DataFileStream<>(file, new GenericDatumReader<>())) {
            for (GenericRecord one : all) {
                Topic topic = Stream.of(Topic.values())
                        .filter(each -> each.name("").equals(one.get("topic").toString()))
                        .findFirst()
                        .orElseThrow();
                ByteBuffer bytes = (ByteBuffer) one.get("value");
                byte[] value = new byte[bytes.remaining()];
                bytes.get(value);
                records.add(new Earlier(topic, one.get("key").toString(), value));
            }
        }
        return records;
    }

    private void start(Broker broker, int release) throws Exception {
        configuration = broker.configuration(
                "earlier-" + release, Map.of(Key.TOPIC_PARTITIONS, "1", Key.MODEL_FOLDER, SHIPPED.toString()));
        clients = Broker.clients(configuration);
        registry = new HttpSchemaRegistry(broker.registryUrl(), null);
    }

    private void send(Clips clips, int release, Earlier record, int length) throws Exception {
        String type = record.topic().value().getSimpleName();
        Schema written = new Schema.Parser()
                .parse(Files.readString(SCHEMAS.resolve(release + "/" + type + ".avsc")));
        int id = registry.register(clients.name(record.topic()) + "-value", written);
        byte[] value = ByteBuffer.allocate(5 + length)
                .put((byte) 0)
                .putInt(id)
                .put(record.value(), 0, length)
                .array();
        clips.send(clients.name(record.topic()), record.key(), value);
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void recordsOfEarlierReleasesAreUsedAndBrokenOnesAreNamed(int release, Broker broker) throws Exception {
        start(broker, release);
        List<Earlier> records = earlier(release);
        for (Topic topic : List.of(
                Topic.VISUAL_FEATURES,
                Topic.AUDIO_FEATURES,
                Topic.INFERENCE_REQUESTS,
                Topic.PREDICTIONS,
                Topic.TRAINING_EXAMPLES,
                Topic.MODEL_VERSIONS)) {
            assertTrue(records.stream().anyMatch(record -> record.topic() == topic), topic + " has no record");
        }
        String key = records.get(0).key();
        ClipId clip = ClipKey.parse(key + "/0");
        try (Clips clips = new Clips(clients)) {
            for (Earlier record : records) {
                send(clips, release, record, record.value().length);
                if (record.topic() != Topic.MODEL_VERSIONS) {
                    send(clips, release, record, record.value().length / 2);
                }
            }
            clips.label(clip, "later", Emotion.HAPPY);
        }
        try (ServiceProcess streams = ServiceProcess.start("streams", configuration);
                ServiceProcess worker = ServiceProcess.start("worker", configuration);
                Committed committed = new Committed(clients)) {
            streams.awaitReady();
            worker.awaitReady();
            awaitResults(committed, key);
            assertPaired(key);
        }
        readAsTrainer();
        assertVersions(records);
    }

    /** The recorded prediction, that of the recorded request, and that of the request from the recorded halves. */
    private void awaitResults(Committed committed, String key) {
        // two halves, a request and a prediction are broken
        committed.until(
                () -> committed.predictions.size() >= 3
                        && committed.explanations.size() >= 2
                        && committed.deadLetters.size() >= 4,
                LONGEST);
        assertEquals(List.of(key + "/0", key + "/0", key + "/0"), committed.predicted(""));
        assertEquals(2, committed.explanations.size());
        assertEquals(4, committed.deadLetters.size(), committed.deadLetters.toString());
        committed.deadLetters.forEach(letter -> assertFalse(letter.reason().isBlank(), letter.toString()));
    }

    private void assertPaired(String key) {
        InferenceRequest paired = FirstRecord.of(
                clients,
                Topic.INFERENCE_REQUESTS,
                InferenceRequest.class,
                key,
                request -> request.getVisual() != null && request.getAudio() != null);
        assertFalse(paired.getVisual().getFrames().isEmpty(), "pictures");
        EmotionTimeline window = FirstRecord.of(clients, Topic.TIMELINE, EmotionTimeline.class, key);
        assertNotNull(window.getDominant());
        TrainingExample example = FirstRecord.of(
                clients,
                Topic.TRAINING_EXAMPLES,
                TrainingExample.class,
                key,
                one -> one.getEmotion() == Emotion.HAPPY);
        assertFalse(example.getRequest().getVisual().getFrames().isEmpty(), "pictures");
    }

    private void readAsTrainer() throws Exception {
        KafkaExampleLog log = new KafkaExampleLog(clients);
        log.read(log.newest(100), new ExampleLog.Reader() {
            @Override
            public void example(ExampleLog.Place place, long timestamp, TrainingExample example) {
                read.add(example.getEmotion().name());
            }

            @Override
            public void unreadable(ExampleLog.Place place, String why) {
                refused.add(place.offset() + ": " + why);
            }
        });
        assertTrue(read.containsAll(List.of("SAD", "HAPPY")), "the earlier example and the new one: " + read);
        assertEquals(1, refused.size(), refused.toString());
        assertTrue(refused.get(0).startsWith("1: "), refused.get(0));
    }

    private void assertVersions(List<Earlier> records) throws Exception {
        String id = records.stream()
                .filter(record -> record.topic() == Topic.MODEL_VERSIONS)
                .findFirst()
                .orElseThrow()
                .key();
        ModelRegistry versions = new ModelRegistry(clients, EmotionModel.version(SHIPPED), "test");
        assertEquals(ModelStatus.REJECTED, versions.version(id).getStatus());
    }
}
