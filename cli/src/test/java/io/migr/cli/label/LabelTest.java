package io.migr.cli.label;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.migr.cli.Migr;
import io.migr.cli.setup.LocalPlatform;
import io.migr.runtime.config.Configuration;
import io.migr.runtime.config.Key;
import io.migr.runtime.kafka.KafkaClients;
import io.migr.schemas.LabelFeedback;
import io.migr.schemas.Topic;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The records that the label command sends to a real broker. */
class LabelTest {
    @TempDir
    static Path folder;

    @Test
    void validLabelsAreSentEvenIfOthersAreInvalid() throws Exception {
        Configuration asked = Configuration.of(
                Map.of("embedded.kafka.port", "0", "embedded.registry.port", "0", "topic.partitions", "1"));
        Path file = Files.writeString(
                folder.resolve("labels.csv"), "clip,emotion,annotator\nc/p/1,happy,bob\nc/p/2,hapy\nc/p/3,fear\n");
        try (LocalPlatform platform = LocalPlatform.start(asked, folder.resolve("kafka"))) {
            assertEquals(0, label(platform, "c/p/0", "Sad", "--annotator", "ann"));
            assertEquals(1, label(platform, "--file", file.toString(), "--annotator", "ann"));
            List<String> sent = new ArrayList<>();
            for (ConsumerRecord<String, byte[]> record : feedback(platform.clients(), 3)) {
                LabelFeedback label = platform.clients()
                        .serde(LabelFeedback.class)
                        .deserializer()
                        .deserialize(record.topic(), record.value());
                sent.add(record.key() + " " + label.getClip().getSequence() + " " + label.getEmotion() + " "
                        + label.getAnnotator());
            }
            assertEquals(List.of("c/p 0 SAD ann", "c/p 1 HAPPY bob", "c/p 3 FEAR ann"), sent);
        }
    }

    private static int label(LocalPlatform platform, String... options) {
        StringWriter err = new StringWriter();
        CommandLine line = Migr.commandLine();
        line.setOut(new PrintWriter(new StringWriter())).setErr(new PrintWriter(err));
        List<String> words = new ArrayList<>(List.of("label"));
        words.addAll(List.of(options));
        for (Key key : List.of(Key.KAFKA_BOOTSTRAP_SERVERS, Key.SCHEMA_REGISTRY_URL, Key.TOPIC_PARTITIONS)) {
            words.addAll(List.of("--" + key.flag(), platform.configuration().text(key)));
        }
        int code = line.execute(words.toArray(String[]::new));
        if (code != 0) {
            assertTrue(err.toString().contains("labels.csv line 3: \"hapy\" is not an emotion"), err.toString());
            assertTrue(err.toString().contains("2 labels sent, 1 refused"), err.toString());
        }
        return code;
    }

    private static List<ConsumerRecord<String, byte[]>> feedback(KafkaClients clients, int count) {
        List<ConsumerRecord<String, byte[]>> records = new ArrayList<>();
        try (KafkaConsumer<String, byte[]> consumer = clients.consumer(null)) {
            List<TopicPartition> all = List.of(new TopicPartition(clients.name(Topic.FEEDBACK), 0));
            consumer.assign(all);
            consumer.seekToBeginning(all);
            long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
            while (records.size() < count && System.nanoTime() < deadline) {
                consumer.poll(Duration.ofMillis(100)).forEach(records::add);
            }
        }
        return records;
    }
}
