package io.migr.integration;

import io.migr.integration.ExactlyOnceChecker.Seen;
import io.migr.integration.ExactlyOnceChecker.Taught;
import io.migr.runtime.kafka.DeadLetters;
import io.migr.runtime.kafka.KafkaClients;
import io.migr.schemas.AudioFeatures;
import io.migr.schemas.ClipKey;
import io.migr.schemas.ClipSegment;
import io.migr.schemas.EmotionExplanation;
import io.migr.schemas.EmotionPrediction;
import io.migr.schemas.InferenceRequest;
import io.migr.schemas.Topic;
import io.migr.schemas.TrainingExample;
import io.migr.schemas.VisualFeatures;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/** All records of the result topics that a read_committed consumer sees, from their beginning. */
final class Committed implements AutoCloseable {
    /** A dead letter: the clip's name (null if its value cannot be read), its key and the reason. */
    record DeadLetter(String clip, String key, String reason) {}

    final List<EmotionPrediction> predictions = Collections.synchronizedList(new ArrayList<>());
    final List<EmotionExplanation> explanations = new ArrayList<>();
    final List<DeadLetter> deadLetters = Collections.synchronizedList(new ArrayList<>());
    final List<Taught> taught = new ArrayList<>();
    private final KafkaClients clients;
    private final KafkaConsumer<String, byte[]> consumer;

    Committed(KafkaClients clients) {
        this(clients, clients.consumer(null));
    }

    /** What a read_uncommitted consumer sees, including aborted records. */
    static Committed andUncommitted(KafkaClients clients) {
        Map<String, Object> settings = new HashMap<>(clients.consumerSettings());
        settings.put("isolation.level", "read_uncommitted");
        return new Committed(
                clients, new KafkaConsumer<>(settings, new StringDeserializer(), new ByteArrayDeserializer()));
    }

    private Committed(KafkaClients clients, KafkaConsumer<String, byte[]> consumer) {
        this.clients = clients;
        this.consumer = consumer;
        List<TopicPartition> partitions = new ArrayList<>();
        for (Topic topic :
                List.of(Topic.PREDICTIONS, Topic.EXPLANATIONS, Topic.TRAINING_EXAMPLES, Topic.DEAD_LETTERS)) {
            String name = clients.name(topic);
            consumer.partitionsFor(name).forEach(p -> partitions.add(new TopicPartition(name, p.partition())));
        }
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
    }

    /** Reads the records that have arrived since the last poll. */
    void poll() {
        for (ConsumerRecord<String, byte[]> record : consumer.poll(Duration.ofMillis(100))) {
            if (record.topic().equals(clients.name(Topic.PREDICTIONS))) {
                predictions.add(read(EmotionPrediction.class, record.topic(), record.value()));
            } else if (record.topic().equals(clients.name(Topic.EXPLANATIONS))) {
                explanations.add(read(EmotionExplanation.class, record.topic(), record.value()));
            } else if (record.topic().equals(clients.name(Topic.TRAINING_EXAMPLES))) {
                example(record);
            } else {
                deadLetters.add(deadLetter(record));
            }
        }
    }

    private void example(ConsumerRecord<String, byte[]> record) {
        TrainingExample example = read(TrainingExample.class, record.topic(), record.value());
        Set<String> labels = example.getLabels().stream()
                .map(label -> label.getAnnotator() + " " + label.getEmotion())
                .collect(Collectors.toSet());
        taught.add(new Taught(
                record.partition(), record.offset(), ClipKey.name(example.getClip()), example.getPrediction(), labels));
    }

    /** Reads until a condition holds, then a little longer to see surplus records. */
    void until(BooleanSupplier holds, Duration longest) {
        long deadline = System.nanoTime() + longest.toNanos();
        while (!holds.getAsBoolean()) {
            poll();
            if (System.nanoTime() > deadline) {
                throw new AssertionError(predicted("") + ", " + explanations.size() + " explanations and " + deadLetters
                        + " arrived within " + longest.toSeconds() + " s");
            }
        }
        for (int i = 0; i < 5; i++) {
            poll();
        }
    }

    /** Reads until {@code clips} clips have ended, as results or as dead letters. */
    void await(int clips, Duration longest) {
        until(
                () -> predictions.size() + deadLetters.size() >= clips && explanations.size() >= predictions.size(),
                longest);
    }

    /** The names of predicted clips that start with a prefix. */
    List<String> predicted(String prefix) {
        return predictions.stream()
                .map(one -> ClipKey.name(one.getClip()))
                .filter(name -> name.startsWith(prefix))
                .toList();
    }

    /** Whether a dead letter names the clip, or has this key if its clip cannot be read. */
    boolean dead(String name) {
        return deadLetters.stream().anyMatch(letter -> name.equals(letter.clip()) || name.equals(letter.key()));
    }

    List<Seen> seenPredictions() {
        return predictions.stream()
                .map(one -> new Seen(ClipKey.name(one.getClip()), one.getModelVersion(), one))
                .toList();
    }

    List<Seen> seenExplanations() {
        return explanations.stream()
                .map(one -> new Seen(ClipKey.name(one.getClip()), one.getModelVersion(), one))
                .toList();
    }

    private <T extends SpecificRecord> T read(Class<T> type, String topic, byte[] value) {
        return clients.serde(type).deserializer().deserialize(topic, value);
    }

    private DeadLetter deadLetter(ConsumerRecord<String, byte[]> record) {
        String from = new String(record.headers().lastHeader(DeadLetters.TOPIC).value(), StandardCharsets.UTF_8);
        Map<Topic, Class<? extends SpecificRecord>> types = Map.of(
                Topic.CLIPS, ClipSegment.class,
                Topic.VISUAL_FEATURES, VisualFeatures.class,
                Topic.AUDIO_FEATURES, AudioFeatures.class,
                Topic.INFERENCE_REQUESTS, InferenceRequest.class);
        String clip = null;
        for (Map.Entry<Topic, Class<? extends SpecificRecord>> type : types.entrySet()) {
            if (clients.name(type.getKey()).equals(from)) {
                clip = clip(type.getValue(), from, record.value());
            }
        }
        return new DeadLetter(clip, record.key(), DeadLetters.reason(record.headers()));
    }

    private String clip(Class<? extends SpecificRecord> type, String topic, byte[] value) {
        try {
            SpecificRecord read = read(type, topic, value);
            return ClipKey.name((io.migr.schemas.ClipId) read.get(0));
        } catch (RuntimeException e) {
            return null; // the value is unreadable, which is why it is a dead letter
        }
    }

    @Override
    public void close() {
        consumer.close();
    }
}
