package io.migr.streams.records;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Reads single records from the broker with a separate consumer that fetches as little as possible. */
public final class BrokerLog implements RecordLog, AutoCloseable {
    /** Shorter than the 10 s after which the broker aborts the transaction that is open during the read. */
    private static final Duration LONGEST = Duration.ofSeconds(5);

    private final Map<String, Object> settings;
    private KafkaConsumer<byte[], byte[]> consumer;

    public BrokerLog(Map<String, Object> consumerSettings) {
        settings = new HashMap<>(consumerSettings);
        settings.put("auto.offset.reset", "none");
        settings.put("max.poll.records", "1");
        // the broker sends at least one batch whatever its size; a higher limit would only fetch unneeded data
        settings.put("max.partition.fetch.bytes", "1");
    }

    @Override
    public synchronized ConsumerRecord<byte[], byte[]> read(String topic, int partition, long offset) {
        if (consumer == null) {
            consumer = new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        }
        TopicPartition place = new TopicPartition(topic, partition);
        consumer.assign(List.of(place));
        consumer.seek(place, offset);
        long deadline = System.nanoTime() + LONGEST.toNanos();
        try {
            while (System.nanoTime() < deadline) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(200))) {
                    return record.offset() == offset ? record : null;
                }
            }
        } catch (OffsetOutOfRangeException e) {
            return null;
        } finally {
            consumer.unsubscribe();
        }
        throw new TimeoutException("Record " + offset + " of " + place + " was not received within "
                + LONGEST.toSeconds() + " s; it will be requested again.");
    }

    @Override
    public synchronized void close() {
        if (consumer != null) {
            consumer.close();
        }
    }
}
