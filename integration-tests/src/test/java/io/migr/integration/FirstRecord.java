package io.migr.integration;

import io.migr.runtime.kafka.KafkaClients;
import io.migr.schemas.Topic;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

/** Finds the first record of a key on a topic, read with migr's serde. */
final class FirstRecord {
    private static final Duration LONGEST = Duration.ofMinutes(4);

    private FirstRecord() {}

    static <T extends SpecificRecord> T of(KafkaClients clients, Topic topic, Class<T> type, String key) {
        return of(clients, topic, type, key, record -> true);
    }

    /** The first record of a key for which a condition holds. */
    static <T extends SpecificRecord> T of(
            KafkaClients clients, Topic topic, Class<T> type, String key, Predicate<T> holds) {
        String name = clients.name(topic);
        long deadline = System.nanoTime() + LONGEST.toNanos();
        try (KafkaConsumer<String, byte[]> consumer = clients.consumer(null)) {
            List<TopicPartition> partitions = consumer.partitionsFor(name).stream()
                    .map(partition -> new TopicPartition(name, partition.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            while (System.nanoTime() < deadline) {
                for (ConsumerRecord<String, byte[]> record : consumer.poll(Duration.ofMillis(100))) {
                    if (key.equals(record.key())) {
                        T value = clients.serde(type).deserializer().deserialize(name, record.value());
                        if (holds.test(value)) {
                            return value;
                        }
                    }
                }
            }
        }
        throw new AssertionError("No record of " + key + " arrived on " + name);
    }
}
