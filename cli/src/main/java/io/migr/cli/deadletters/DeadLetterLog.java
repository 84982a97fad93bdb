package io.migr.cli.deadletters;

import io.migr.cli.deadletters.DeadLetter.State;
import io.migr.runtime.config.Configuration;
import io.migr.runtime.config.Key;
import io.migr.runtime.kafka.DeadLetters;
import io.migr.runtime.kafka.KafkaClients;
import io.migr.schemas.AudioFeatures;
import io.migr.schemas.ClipId;
import io.migr.schemas.ClipKey;
import io.migr.schemas.ClipSegment;
import io.migr.schemas.ConsentPurpose;
import io.migr.schemas.ConsentRule;
import io.migr.schemas.ConsentTerms;
import io.migr.schemas.InferenceRequest;
import io.migr.schemas.Topic;
import io.migr.schemas.VisualFeatures;
import io.migr.streams.ClipReader;
import io.migr.streams.records.BrokerLog;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Reads the dead letters one at a time and keeps none in memory, because their values may be large. A value that was not
 * copied, because it could not be read, is read from the topic it came from. Which of them were
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
        try (BrokerLog originals = new BrokerLog(clients.consumerSettings())) {
            read(Topic.DEAD_LETTERS, record -> each.accept(withState(record, originals)));
        }
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

    private DeadLetter withState(ConsumerRecord<byte[], byte[]> letter, BrokerLog originals) {
        Instant when = retried.get(DeadLetter.id(letter));
        if (when != null) {
            return new DeadLetter(
                    letter,
                    State.RETRIED,
                    "It was already retried at " + when + "; if that failed, there is a new dead letter.");
        }
        ConsumerRecord<byte[], byte[]> record = letter.value() == null ? restored(letter, originals) : letter;
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
            return "the original record had no value, or " + name + " no longer keeps it.";
        }
        return switch (topic) {
            case CLIPS, VISUAL_FEATURES, AUDIO_FEATURES, INFERENCE_REQUESTS ->
                notPermitted(topic, name, record.value());
            default -> null;
        };
    }

    /**
     * A dead letter without a value, with the value of the record that it is about: it was not copied because it could
     * not be read, so whether there is consent was not known.
     *
     * @return the same letter if its record is no longer kept
     */
    private ConsumerRecord<byte[], byte[]> restored(ConsumerRecord<byte[], byte[]> letter, BrokerLog originals) {
        String topic = DeadLetters.text(letter.headers(), DeadLetters.TOPIC);
        if (!topics.containsKey(topic)) {
            return letter;
        }
        ConsumerRecord<byte[], byte[]> original;
        try {
            original = originals.read(
                    topic,
                    Integer.parseInt(DeadLetters.text(letter.headers(), DeadLetters.PARTITION)),
                    Long.parseLong(DeadLetters.text(letter.headers(), DeadLetters.OFFSET)));
        } catch (NumberFormatException | TimeoutException e) {
            return letter; // its place is not known, or no longer exists
        }
        if (original == null || original.value() == null) {
            return letter;
        }
        RecordHeaders headers = new RecordHeaders(original.headers());
        letter.headers().forEach(header -> headers.remove(header.key()));
        letter.headers().forEach(headers::add);
        return new ConsumerRecord<>(
                letter.topic(),
                letter.partition(),
                letter.offset(),
                letter.timestamp(),
                letter.timestampType(),
                letter.serializedKeySize(),
                original.serializedValueSize(),
                letter.key(),
                original.value(),
                headers,
                letter.leaderEpoch());
    }

    /** Why a clip, a half or a request must not be sent again, or has no media to send; null if it can be sent. */
    private String notPermitted(Topic topic, String name, byte[] value) {
        Optional<String> refusal;
        try {
            SpecificRecord record = clients.serde(topic.value()).deserializer().deserialize(name, value);
            Instant now = Instant.now();
            if (record instanceof ClipSegment clip) {
                refusal = ClipReader.refusal(clip, now);
                if (refusal.isEmpty() && clip.getMedia() == null && clip.getMediaReference() == null) {
                    return "it has no media.";
                }
            } else if (record instanceof VisualFeatures half) {
                refusal = refusal(half.getClip(), half.getTerms(), half.getCapturedAt(), now);
            } else if (record instanceof AudioFeatures half) {
                refusal = refusal(half.getClip(), half.getTerms(), half.getCapturedAt(), now);
            } else if (record instanceof InferenceRequest request) {
                refusal = refusal(request.getClip(), request.getTerms(), request.getCapturedAt(), now);
            } else {
                refusal = Optional.empty();
            }
        } catch (SerializationException e) {
            return null; // it cannot be parsed, but its bytes are complete and can be sent
        }
        return refusal.map(why -> "it may not be processed. " + why).orElse(null);
    }

    private static Optional<String> refusal(ClipId clip, ConsentTerms terms, Instant capturedAt, Instant now) {
        return ConsentRule.refusal("Clip " + ClipKey.written(clip), terms, ConsentPurpose.ANALYSIS, capturedAt, now);
    }
}
