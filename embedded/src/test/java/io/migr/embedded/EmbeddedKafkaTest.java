package io.migr.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("slow")
final class EmbeddedKafkaTest {
    @TempDir
    Path folder;

    @Test
    void aRestartKeepsRecordsAndOffsets() throws Exception {
        byte[] large = new byte[8 << 20];
        try (EmbeddedKafka kafka = EmbeddedKafka.start(0, folder)) {
            try (Admin admin = Admin.create(client(kafka))) {
                admin.createTopics(List.of(new NewTopic("t", 1, (short) 1)))
                        .all()
                        .get();
            }
            Map<String, Object> settings = client(kafka);
            settings.put("max.request.size", 16 << 20);
            try (var producer = new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
                for (int i = 0; i < 3; i++) {
                    byte[] value = i == 2 ? large : new byte[] {(byte) i};
                    producer.send(new ProducerRecord<>("t", value)).get();
                }
            }
            assertEquals(3, read(kafka, 1));
            assertFalse(kafka.failed());
        }
        try (EmbeddedKafka kafka = EmbeddedKafka.start(0, folder)) {
            assertEquals(2, read(kafka, 2), "the first record is committed and not read again");
        }
    }

    /** A copy of the folder of a running broker is what a killed broker leaves. */
    @Test
    void aTransactionThatWasOpenWhenTheBrokerWasKilledIsAborted() throws Exception {
        Path left = folder.resolve("left");
        TopicPartition place = new TopicPartition("t", 0);
        try (EmbeddedKafka kafka = EmbeddedKafka.start(0, folder.resolve("first"));
                Admin admin = Admin.create(client(kafka))) {
            admin.createTopics(List.of(new NewTopic("t", 1, (short) 1))).all().get();
            Map<String, Object> settings = client(kafka);
            settings.put("transactional.id", "killed-as-well");
            settings.put("transaction.timeout.ms", 1000);
            try (var producer = new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
                producer.initTransactions();
                producer.beginTransaction();
                producer.send(new ProducerRecord<>("t", new byte[1])).get();
                copy(folder.resolve("first"), left);
                producer.abortTransaction();
            }
        }
        try (EmbeddedKafka kafka = EmbeddedKafka.start(0, left);
                Admin admin = Admin.create(client(kafka))) {
            long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
            while (committedEnd(admin, place) < 2) { // the record and the abort marker
                assertTrue(System.nanoTime() < end, "the transaction hangs");
                Thread.sleep(200);
            }
            try (var producer =
                    new KafkaProducer<>(client(kafka), new ByteArraySerializer(), new ByteArraySerializer())) {
                producer.send(new ProducerRecord<>("t", new byte[1])).get();
            }
            assertEquals(3, committedEnd(admin, place));
        }
    }

    private static long committedEnd(Admin admin, TopicPartition place) throws Exception {
        return admin.listOffsets(
                        Map.of(place, OffsetSpec.latest()), new ListOffsetsOptions(IsolationLevel.READ_COMMITTED))
                .partitionResult(place)
                .get()
                .offset();
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> all = Files.walk(from)) {
            for (Path file : all.toList()) {
                Files.copy(file, to.resolve(from.relativize(file)));
            }
        }
    }

    /** Counts the records that group g has not committed, then commits offset {@code commit}. */
    private static int read(EmbeddedKafka kafka, long commit) {
        Map<String, Object> settings = client(kafka);
        settings.put("group.id", "g");
        settings.put("auto.offset.reset", "earliest");
        settings.put("enable.auto.commit", false);
        settings.put("max.partition.fetch.bytes", 16 << 20);
        try (var consumer = new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer.subscribe(List.of("t"));
            int seen = 0;
            long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
            while (System.nanoTime() < end) {
                ConsumerRecords<byte[], byte[]> records = consumer.poll(Duration.ofMillis(500));
                seen += records.count();
                if (records.isEmpty() && seen > 0) {
                    break;
                }
            }
            consumer.commitSync(Map.of(
                    new TopicPartition("t", 0), new org.apache.kafka.clients.consumer.OffsetAndMetadata(commit)));
            return seen;
        }
    }

    @Test
    void aUsedPortIsOneClearError() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            EnvironmentException error =
                    assertThrows(EnvironmentException.class, () -> EmbeddedKafka.start(taken.getLocalPort(), folder));
            assertTrue(
                    error.getMessage().startsWith("Port " + taken.getLocalPort() + " is in use"), error.getMessage());
        }
    }

    @Test
    void aLockedFolderIsOneClearErrorAndTheFirstBrokerKeepsRunning() throws Exception {
        try (EmbeddedKafka kafka = EmbeddedKafka.start(0, folder)) {
            // contains the epoch, which a second controller would increase
            Path quorum = folder.resolve("__cluster_metadata-0").resolve("quorum-state");
            String before = Files.readString(quorum);
            EnvironmentException error = assertThrows(EnvironmentException.class, () -> EmbeddedKafka.start(0, folder));
            assertTrue(error.getMessage().contains("in use by another broker"), error.getMessage());
            assertEquals(before, Files.readString(quorum), "the second broker changed nothing");
            try (Admin admin = Admin.create(client(kafka))) {
                assertEquals(1, admin.describeCluster().nodes().get().size());
            }
        }
    }

    private static Map<String, Object> client(EmbeddedKafka kafka) {
        return new HashMap<>(Map.of("bootstrap.servers", kafka.bootstrapServers()));
    }
}
