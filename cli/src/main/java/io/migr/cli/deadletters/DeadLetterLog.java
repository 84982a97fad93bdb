package io.migr.cli.deadletters;

import io.migr.cli.deadletters.DeadLetter.State;
import io.migr.runtime.config.Configuration;
import io.migr.runtime.config.Key;
import io.migr.runtime.kafka.DeadLetters;
import io.migr.runtime.kafka.KafkaClients;
import io.migr.schemas.ClipSegment;
import io.migr.schemas.Consent;
import io.migr.schemas.Topic;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Reads the dead letters one at a time and keeps none in memory, because their values may be large. Which of them were
 * retried is read from a separate topic, because a dead letter itself never changes.
 */
public final class DeadLetterLog {
    private static final Duration POLL = Duration.ofMillis(200);

    private final KafkaClients clients;
    private final int maxRetries;
    private final Map<String, Topic> topics = new HashMap<>();
    private final Map<String, Instant> retried = new HashMap<>();

    /** Reads which dead letters have been retried so far. */
    public DeadLetterLog(Configuration configuration, KafkaClients clients) {
        this.clients = clients;
        maxRetries = configuration.number(Key.DEAD_LETTERS_MAX_RETRIES);
        for (Topic topic : Topic.values()) {
            if (topic.value() != null) {
                topics.put(clients.name(topic), topic);
            }
        }
        read(
                Topic.DEAD_LETTER_RETRIES,
                record -> retried.put(
                        new String(record.key(), StandardCharsets.UTF_8), Instant.ofEpochMilli(record.timestamp())));
    }

    int maxRetries() {
        return maxRetries;
    }

    /** Calls {@code each} for all dead letters that exist now, in offset order within each partition. */
    public void forEach(Consumer<DeadLetter> each) {
        read(Topic.DEAD_LETTERS, record -> each.accept(withState(record)));
    }

    private void read(Topic topic, Consumer<ConsumerRecord<byte[], byte[]>> each) {
        String name = clients.name(topic);
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                clients.consumerSettings(), new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(name).stream()
                    .map(partition -> new TopicPartition(name, partition.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (partitions.stream().anyMatch(place -> consumer.position(place) < ends.get(place))) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                    if (record.offset() < ends.get(new TopicPartition(name, record.partition()))) {
                        each.accept(record);
                    }
                }
            }
        }
    }

    private DeadLetter withState(ConsumerRecord<byte[], byte[]> record) {
        Instant when = retried.get(DeadLetter.id(record));
        if (when != null) {
            return new DeadLetter(
                    record,
                    State.RETRIED,
                    "It was already retried at " + when + "; if that failed, there is a new dead letter.");
        }
        String obstacle = obstacle(record);
        if (obstacle != null) {
            return new DeadLetter(record, State.FINAL, "It cannot be retried: " + obstacle);
        }
        if (DeadLetters.retries(record.headers()) >= maxRetries) {
            return new DeadLetter(
                    record,
                    State.QUARANTINED,
                    "It failed after " + DeadLetters.retries(record.headers()) + " retries and is no longer retried"
                            + " (dead.letters.max.retries is " + maxRetries + ").");
        }
        return new DeadLetter(record, State.OPEN, null);
    }

    /** Why a record can't be retried; null if it can. */
    private String obstacle(ConsumerRecord<byte[], byte[]> record) {
        String name = DeadLetters.text(record.headers(), DeadLetters.TOPIC);
        Topic topic = topics.get(name);
        if (topic == null) {
            return name == null
                    ? "its headers do not name the topic it came from."
                    : "it came from " + name + ", which is not one of the topics " + topics.keySet() + ".";
        }
        if (record.value() == null) {
            return "the original record had no value.";
        }
        return topic == Topic.CLIPS ? missingMedia(name, record.value()) : null;
    }

    /** Why a clip has no media to send; null if it has some. */
    private String missingMedia(String topic, byte[] value) {
        try {
            ClipSegment clip = clients.serde(ClipSegment.class).deserializer().deserialize(topic, value);
            if (clip.getConsent() != Consent.GRANTED) {
                return "it has no media, because its consent is " + clip.getConsent()
                        + ". Once the people in it consent, send the clip itself again.";
            }
            return clip.getMedia() == null && clip.getMediaReference() == null ? "it has no media." : null;
        } catch (SerializationException e) {
            return null; // it cannot be parsed, but its bytes are complete and can be sent
        }
    }
}
