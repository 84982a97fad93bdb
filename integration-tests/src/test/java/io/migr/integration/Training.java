package io.migr.integration;

import io.migr.runtime.kafka.KafkaClients;
import io.migr.schemas.Topic;
import io.migr.schemas.TrainingProgress;
import io.migr.schemas.TrainingRequest;
import io.migr.schemas.TrainingStage;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

/** Requests rounds and follows their progress, as {@code migr train now} does. */
final class Training implements AutoCloseable {
    static final Predicate<TrainingProgress> ENDED =
            progress -> List.of(TrainingStage.PROMOTED, TrainingStage.REJECTED, TrainingStage.NOTHING_TO_LEARN)
                    .contains(progress.getStage());

    private final KafkaClients clients;
    private final KafkaConsumer<String, byte[]> consumer;
    private final List<TrainingProgress> seen = new ArrayList<>();
    private final boolean patient;

    Training(KafkaClients clients) {
        this(clients, false);
    }

    /**
     * Follows rounds.
     *
     * @param patient whether to keep waiting after a failed round, which will be retried
     */
    Training(KafkaClients clients, boolean patient) {
        this.clients = clients;
        this.patient = patient;
        consumer = clients.consumer(null);
        String topic = clients.name(Topic.TRAINING_PROGRESS);
        List<TopicPartition> places = consumer.partitionsFor(topic).stream()
                .map(info -> new TopicPartition(topic, info.partition()))
                .toList();
        consumer.assign(places);
        consumer.seekToBeginning(places);
    }

    /** Requests a round. */
    void ask(Clips clips) throws InterruptedException {
        String topic = clients.name(Topic.TRAINING_REQUESTS);
        TrainingRequest request = new TrainingRequest(Instant.now(), "test", false);
        clips.send(
                topic, "test", clients.serde(TrainingRequest.class).serializer().serialize(topic, request));
    }

    /** Waits for the next progress record that satisfies a condition. */
    TrainingProgress await(Predicate<TrainingProgress> wanted, Duration longest) {
        long deadline = System.nanoTime() + longest.toNanos();
        while (true) {
            poll();
            while (!seen.isEmpty()) {
                TrainingProgress progress = seen.remove(0);
                if (wanted.test(progress)) {
                    return progress;
                }
                if (progress.getStage() == TrainingStage.FAILED && !patient) {
                    throw new AssertionError("The round failed: " + progress.getText());
                }
            }
            if (System.nanoTime() > deadline) {
                throw new AssertionError("The expected progress did not arrive within " + longest.toSeconds() + " s.");
            }
        }
    }

    /** Reads new records; returns whether there were any. */
    private boolean poll() {
        boolean came = false;
        for (ConsumerRecord<String, byte[]> record : consumer.poll(Duration.ofMillis(100))) {
            seen.add(clients.serde(TrainingProgress.class).deserializer().deserialize("", record.value()));
            came = true;
        }
        return came;
    }

    /** Discards all progress records so far. */
    void forget() {
        while (poll()) {
            seen.clear();
        }
        seen.clear();
    }

    @Override
    public void close() {
        consumer.close();
    }
}
