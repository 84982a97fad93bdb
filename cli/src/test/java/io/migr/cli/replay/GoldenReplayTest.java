package io.migr.cli.replay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.migr.cli.Migr;
import io.migr.cli.replay.GoldenClips.GoldenClip;
import io.migr.cli.setup.LocalPlatform;
import io.migr.runtime.config.Configuration;
import io.migr.runtime.config.Key;
import io.migr.runtime.kafka.KafkaClients;
import io.migr.schemas.ClipId;
import io.migr.schemas.ClipKey;
import io.migr.schemas.EmotionExplanation;
import io.migr.schemas.EmotionPrediction;
import io.migr.schemas.InferenceRequest;
import io.migr.schemas.Topic;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serializer;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/**
 * The model of pictures and sound gives the results that are recorded in {@code golden-replay.jsonl}: one line a clip, with its
 * prediction and explanation. Requests made from corpus seeds go through {@code migr replay}, which analyses them with
 * the worker's own code. A change that is meant to change no result must leave the file as it is.
 *
 * <p>To write the file again, after a change that is meant to change results:
 * {@code mvn test -pl cli -am -Dtest=GoldenReplayTest -Dsurefire.failIfNoSpecifiedTests=false
 * -Dmigr.golden.write=$PWD/cli/src/test/resources/golden-replay.jsonl}
 */
@Tag("slow")
class GoldenReplayTest {
    private static final String FILE = "/golden-replay.jsonl";
    private static final Path TINY = Path.of("..", "model", "weights", "tiny");
    private static final String WRITE = "migr.golden.write";
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path folder;

    @Test
    void theModelOfPicturesAndSoundGivesTheRecordedResults() throws Exception {
        Map<String, JsonNode> results = analyse(GoldenClips.all());
        String target = System.getProperty(WRITE);
        if (target != null) {
            Files.write(
                    Path.of(target),
                    results.values().stream().map(JsonNode::toString).toList());
            Assumptions.abort("Wrote the results of " + results.size() + " clips to " + target + ".");
        }
        Map<String, JsonNode> recorded = recorded();
        assertEquals(recorded.keySet(), results.keySet());
        List<String> differences = new ArrayList<>();
        recorded.forEach((clip, expected) ->
                differences.addAll(GoldenComparison.differences(clip, expected, results.get(clip))));
        assertTrue(
                differences.isEmpty(),
                () -> differences.size() + " differences from " + FILE + ":\n" + String.join("\n", differences));
    }

    private static Map<String, JsonNode> recorded() throws IOException {
        Map<String, JsonNode> recorded = new TreeMap<>();
        try (InputStream file = GoldenReplayTest.class.getResourceAsStream(FILE)) {
            assertNotNull(file, FILE);
            for (String line : new String(file.readAllBytes(), StandardCharsets.UTF_8).split("\n")) {
                JsonNode one = JSON.readTree(line);
                recorded.put(one.path("clip").asText(), one);
            }
        }
        return recorded;
    }

    /** Replays the requests of clips in batches of eight; the results by clip. */
    private Map<String, JsonNode> analyse(List<GoldenClip> clips) throws Exception {
        // one partition, so that the offset of a request, and with it its batch, is fixed
        Configuration asked = Configuration.of(Map.of(
                Key.EMBEDDED_KAFKA_PORT.property(), "0",
                Key.EMBEDDED_REGISTRY_PORT.property(), "0",
                Key.TOPIC_PARTITIONS.property(), "1",
                Key.FEATURES_CARRY.property(), "media",
                Key.MODEL_FOLDER.property(), TINY.toString(),
                Key.WORKER_BATCH_SIZE.property(), "8"));
        try (LocalPlatform platform = LocalPlatform.start(asked, folder.resolve("kafka"))) {
            send(platform.clients(), clips);
            replay(platform.configuration(), "--offsets", "0:0-" + clips.size());
            Map<String, SpecificRecord> predictions = read(
                    platform.clients(), Topic.REPLAY_PREDICTIONS, EmotionPrediction.class, EmotionPrediction::getClip);
            Map<String, SpecificRecord> explanations = read(
                    platform.clients(),
                    Topic.REPLAY_EXPLANATIONS,
                    EmotionExplanation.class,
                    EmotionExplanation::getClip);
            assertEquals(predictions.keySet(), explanations.keySet());
            Map<String, JsonNode> results = new TreeMap<>();
            for (String clip : predictions.keySet()) {
                ObjectNode prediction =
                        (ObjectNode) JSON.readTree(predictions.get(clip).toString());
                ObjectNode timings = (ObjectNode) prediction.remove("timings");
                ObjectNode result = JSON.createObjectNode().put("clip", clip);
                result.set("prediction", prediction.set("batchSize", timings.path("batchSize")));
                result.set("explanation", JSON.readTree(explanations.get(clip).toString()));
                results.put(clip, result);
            }
            return results;
        }
    }

    private static void send(KafkaClients clients, List<GoldenClip> clips) throws Exception {
        String topic = clients.name(Topic.INFERENCE_REQUESTS);
        Serializer<InferenceRequest> values =
                clients.serde(InferenceRequest.class).serializer();
        try (KafkaProducer<String, byte[]> producer = clients.producer(null)) {
            for (InferenceRequest request :
                    clips.parallelStream().map(GoldenClip::request).toList()) {
                producer.send(new ProducerRecord<>(
                                topic, ClipKey.of(request.getClip()), values.serialize(topic, request)))
                        .get();
            }
        }
    }

    private void replay(Configuration configuration, String... range) {
        StringWriter err = new StringWriter();
        CommandLine line = Migr.commandLine();
        line.setOut(new PrintWriter(new StringWriter())).setErr(new PrintWriter(err));
        List<String> words = new ArrayList<>(List.of("replay", "--id", "golden"));
        words.addAll(List.of(range));
        for (Key key : List.of(
                Key.KAFKA_BOOTSTRAP_SERVERS,
                Key.SCHEMA_REGISTRY_URL,
                Key.FEATURES_CARRY,
                Key.MODEL_FOLDER,
                Key.WORKER_BATCH_SIZE)) {
            words.addAll(List.of("--" + key.flag(), configuration.text(key)));
        }
        words.addAll(
                List.of("--" + Key.MODELS_STORE.flag(), folder.resolve("store").toString()));
        assertEquals(0, line.execute(words.toArray(String[]::new)), err::toString);
    }

    /** All records of a topic with one partition, by clip. */
    private static <T extends SpecificRecord> Map<String, SpecificRecord> read(
            KafkaClients clients, Topic topic, Class<T> type, Function<T, ClipId> clip) {
        Deserializer<T> values = clients.serde(type).deserializer();
        TopicPartition place = new TopicPartition(clients.name(topic), 0);
        Map<String, SpecificRecord> found = new TreeMap<>();
        try (KafkaConsumer<String, byte[]> consumer = clients.consumer(null)) {
            consumer.assign(List.of(place));
            consumer.seekToBeginning(List.of(place));
            long end = consumer.endOffsets(List.of(place)).get(place);
            while (consumer.position(place) < end) {
                for (ConsumerRecord<String, byte[]> record : consumer.poll(Duration.ofMillis(100))) {
                    T value = values.deserialize(record.topic(), record.value());
                    found.put(ClipKey.name(clip.apply(value)), value);
                }
            }
        }
        return found;
    }
}
