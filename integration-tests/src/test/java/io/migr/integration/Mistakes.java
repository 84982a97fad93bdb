package io.migr.integration;

import io.migr.runtime.kafka.DeadLetters;
import io.migr.runtime.kafka.KafkaClients;
import io.migr.schemas.ClipId;
import io.migr.schemas.ClipKey;
import io.migr.schemas.EmotionPrediction;
import io.migr.schemas.Topic;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.function.BooleanSupplier;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Sends records that a sender got wrong, and finds the dead letter of each by its place. */
final class Mistakes implements AutoCloseable {
    /**
     * What a sender got wrong.
     *
     * @param key null: none
     * @param value null: none
     * @param timestamp of the record, ms; null: now
     * @param headerBytes size of a header of the sender; 0: no header
     * @param reason part of the dead letter's reason; null: there must be none
     */
    record Mistake(
            String what, Topic topic, String key, byte[] value, Long timestamp, int headerBytes, String reason) {}

    private final KafkaClients clients;
    private final KafkaProducer<byte[], byte[]> producer;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Map<String, Mistake> sent = new HashMap<>();
    /** The reasons of all dead letters by the place of their record. */
    private final Map<String, List<String>> letters = new HashMap<>();

    private final List<String> predicted = new ArrayList<>();

    Mistakes(KafkaClients clients) {
        this.clients = clients;
        producer =
                new KafkaProducer<>(clients.producerSettings(), new ByteArraySerializer(), new ByteArraySerializer());
        consumer = new KafkaConsumer<>(
                clients.consumerSettings(), new ByteArrayDeserializer(), new ByteArrayDeserializer());
        List<TopicPartition> places = new ArrayList<>();
        for (Topic topic : List.of(Topic.PREDICTIONS, Topic.DEAD_LETTERS)) {
            String name = clients.name(topic);
            consumer.partitionsFor(name).forEach(one -> places.add(new TopicPartition(name, one.partition())));
        }
        consumer.assign(places);
        consumer.seekToBeginning(places);
    }

    <T extends SpecificRecord> byte[] bytes(Topic topic, Class<T> type, T value) {
        return clients.serde(type).serializer().serialize(clients.name(topic), value);
    }

    /** Sends a record and waits for the acknowledgement. */
    void send(Mistake mistake) throws InterruptedException {
        RecordHeaders headers = new RecordHeaders();
        if (mistake.headerBytes() > 0) {
            headers.add("trace", new byte[mistake.headerBytes()]);
        }
        byte[] key = mistake.key() == null ? null : mistake.key().getBytes(StandardCharsets.UTF_8);
        try {
            RecordMetadata place = producer.send(new ProducerRecord<>(
                            clients.name(mistake.topic()), null, mistake.timestamp(), key, mistake.value(), headers))
                    .get();
            sent.put(place(place.topic(), place.partition(), place.offset()), mistake);
        } catch (ExecutionException e) {
            throw new IllegalStateException("The broker rejected: " + mistake.what(), e.getCause());
        }
    }

    private static String place(String topic, Object partition, Object offset) {
        return topic + "-" + partition + ":" + offset;
    }

    private void poll() {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(100))) {
            if (record.topic().equals(clients.name(Topic.DEAD_LETTERS))) {
                String from = place(
                        DeadLetters.text(record.headers(), DeadLetters.TOPIC),
                        DeadLetters.text(record.headers(), DeadLetters.PARTITION),
                        DeadLetters.text(record.headers(), DeadLetters.OFFSET));
                letters.computeIfAbsent(from, key -> new ArrayList<>()).add(DeadLetters.reason(record.headers()));
            } else {
                predicted(record);
            }
        }
    }

    private void predicted(ConsumerRecord<byte[], byte[]> record) {
        try {
            ClipId clip = clients.serde(EmotionPrediction.class)
                    .deserializer()
                    .deserialize(record.topic(), record.value())
                    .getClip();
            predicted.add(ClipKey.name(clip));
        } catch (RuntimeException e) {
            // a mistake of this test
        }
    }

    /** Reads until the clips are predicted and each mistake has its dead letter, then a little longer. */
    void await(List<String> clips, BooleanSupplier also, Duration longest) {
        long deadline = System.nanoTime() + longest.toNanos();
        while (!predicted.containsAll(clips) || !missing().isEmpty() || !also.getAsBoolean()) {
            poll();
            if (System.nanoTime() > deadline) {
                throw new AssertionError("Predicted " + predicted + " of " + clips + ", without a dead letter "
                        + missing() + ", within " + longest.toSeconds() + " s; dead letters " + letters);
            }
        }
        for (int i = 0; i < 5; i++) {
            poll();
        }
    }

    private List<String> missing() {
        return sent.entrySet().stream()
                .filter(one -> one.getValue().reason() != null && !letters.containsKey(one.getKey()))
                .map(one -> one.getValue().what())
                .toList();
    }

    /** What is not accounted for as it must be; empty if all is. */
    List<String> problems() {
        List<String> problems = new ArrayList<>();
        sent.forEach((place, mistake) -> {
            List<String> reasons = letters.getOrDefault(place, List.of());
            boolean right = mistake.reason() == null
                    ? reasons.isEmpty()
                    : reasons.size() == 1 && reasons.get(0).contains(mistake.reason());
            if (!right) {
                problems.add(mistake.what() + ", expected " + mistake.reason() + ": " + reasons);
            }
        });
        return problems;
    }

    /** How often a clip was predicted so far. */
    long times(String clip) {
        return predicted.stream().filter(clip::equals).count();
    }

    @Override
    public void close() {
        producer.close();
        consumer.close();
    }
}
