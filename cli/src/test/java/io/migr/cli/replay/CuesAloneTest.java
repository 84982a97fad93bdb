package io.migr.cli.replay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.migr.cli.Migr;
import io.migr.cli.feed.Feeder;
import io.migr.cli.setup.LocalPlatform;
import io.migr.cli.setup.Services;
import io.migr.corpus.Clip;
import io.migr.corpus.ClipFile;
import io.migr.corpus.Split;
import io.migr.features.SegmentCutter.Segment;
import io.migr.runtime.config.Configuration;
import io.migr.runtime.config.Key;
import io.migr.schemas.CarriedMedia;
import io.migr.schemas.ClipId;
import io.migr.schemas.Consent;
import io.migr.schemas.Emotion;
import io.migr.schemas.EmotionPrediction;
import io.migr.schemas.Topic;
import io.migr.schemas.TrainingExample;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The model of pictures and sound, which needs media, on a broker whose topics carry cues alone. */
@Tag("slow")
class CuesAloneTest {
    private static final Duration LONGEST = Duration.ofSeconds(120);
    private static final String JPEG = new String(new char[] {0xFF, 0xD8, 0xFF});

    @TempDir
    static Path folder;

    private static LocalPlatform platform;

    @BeforeAll
    static void feedALabelledClip() throws Exception {
        Configuration asked = Configuration.of(Map.of(
                "embedded.kafka.port",
                "0",
                "embedded.registry.port",
                "0",
                "topic.partitions",
                "1",
                "features.carry",
                "cues",
                "model.folder",
                "../model/weights/tiny"));
        platform = LocalPlatform.start(asked, folder.resolve("kafka"));
        platform.serve();
        Path file = folder.resolve("clip.mp4");
        ClipFile.write(Clip.of(Split.TEST.seed(0)), file, Services.ffmpeg());
        try (Feeder feeder = new Feeder(platform.clients())) {
            Segment segment = new Segment(Files.readAllBytes(file), "video/mp4", 0, 3000);
            feeder.deliver(new ClipId("call", "ann", 0L), segment, Consent.GRANTED);
        }
        run("label", "call/ann/0", "sad", "--annotator", "bob");
    }

    @AfterAll
    static void stop() {
        platform.close();
    }

    private static String run(String... options) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine line = Migr.commandLine();
        line.setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
        List<String> words = new ArrayList<>(List.of(options));
        for (Key key : List.of(
                Key.KAFKA_BOOTSTRAP_SERVERS,
                Key.SCHEMA_REGISTRY_URL,
                Key.TOPIC_PARTITIONS,
                Key.FEATURES_CARRY,
                Key.MODEL_FOLDER)) {
            words.addAll(List.of("--" + key.flag(), platform.configuration().text(key)));
        }
        assertEquals(0, line.execute(words.toArray(String[]::new)), err.toString());
        return out.toString();
    }

    private static List<ConsumerRecord<String, byte[]>> read(String topic, int least) {
        List<ConsumerRecord<String, byte[]>> records = new ArrayList<>();
        try (KafkaConsumer<String, byte[]> consumer = platform.clients().consumer(null)) {
            List<TopicPartition> places = consumer.partitionsFor(topic).stream()
                    .map(one -> new TopicPartition(topic, one.partition()))
                    .toList();
            consumer.assign(places);
            consumer.seekToBeginning(places);
            Map<TopicPartition, Long> ends = consumer.endOffsets(places);
            long deadline = System.nanoTime() + LONGEST.toNanos();
            while ((records.size() < least
                            || places.stream().anyMatch(place -> consumer.position(place) < ends.get(place)))
                    && System.nanoTime() < deadline) {
                consumer.poll(Duration.ofMillis(100)).forEach(records::add);
            }
        }
        return records;
    }

    private static <T extends SpecificRecord> T only(Topic topic, Class<T> type) {
        String name = platform.clients().name(topic);
        List<ConsumerRecord<String, byte[]>> records = read(name, 1);
        assertEquals(1, records.size(), name);
        return platform.clients()
                .serde(type)
                .deserializer()
                .deserialize(name, records.get(0).value());
    }

    @Test
    void theClipIsAbstainedAndNoTopicButClipsHoldsAPicture() throws Exception {
        EmotionPrediction prediction = only(Topic.PREDICTIONS, EmotionPrediction.class);
        assertTrue(prediction.getAbstained());
        assertEquals(Emotion.UNKNOWN, prediction.getEmotion());
        assertTrue(prediction.getAbstainedReason().contains("(features.carry)"), prediction.getAbstainedReason());
        assertFalse(prediction.getMeasuredUnits().isEmpty());
        TrainingExample example = only(Topic.TRAINING_EXAMPLES, TrainingExample.class);
        assertTrue(CarriedMedia.isMissing(example.getRequest()));
        Set<String> topics;
        try (Admin admin = platform.clients().admin()) {
            topics = new TreeSet<>(admin.listTopics().names().get());
        }
        topics.remove(platform.clients().name(Topic.CLIPS));
        for (String topic : topics) {
            int bytes = 0;
            for (ConsumerRecord<String, byte[]> record : read(topic, 0)) {
                if (record.value() != null) {
                    bytes += record.value().length;
                    assertFalse(new String(record.value(), StandardCharsets.ISO_8859_1).contains(JPEG), topic);
                }
            }
            System.out.printf("bytes of one clip under cues on %-60s %6d%n", topic, bytes);
        }
        assertEquals(List.of(), read(platform.clients().name(Topic.DEAD_LETTERS), 0));
    }

    @Test
    void aReplayCountsItAndOneFromItsMediaAnswersIt() throws IOException {
        only(Topic.PREDICTIONS, EmotionPrediction.class);
        JsonNode replayed = new ObjectMapper().readTree(run("replay", "--call", "call", "--id", "cues", "--json"));
        assertEquals(1, replayed.path("without_media").asInt());
        assertEquals(0, replayed.path("clips").asInt());
        run("replay", "--call", "call", "--from-media", "--id", "media", "--json");
        List<ConsumerRecord<String, byte[]>> records = read(platform.clients().name(Topic.REPLAY_PREDICTIONS), 2);
        EmotionPrediction answer = platform.clients()
                .serde(EmotionPrediction.class)
                .deserializer()
                .deserialize(
                        records.get(1).topic(), records.get(records.size() - 1).value());
        assertFalse(answer.getAbstained(), answer.getAbstainedReason());
    }
}
