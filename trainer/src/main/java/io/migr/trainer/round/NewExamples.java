package io.migr.trainer.round;

import io.migr.runtime.kafka.KafkaClients;
import io.migr.schemas.Topic;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;

/**
 * Counts the examples that no round has used. They are counted by reading them, because offsets also count transaction
 * markers. Not thread-safe, except for {@link #count}.
 */
final class NewExamples implements AutoCloseable {
    private static final Duration STEP = Duration.ofMillis(200);
    private static final Duration LONGEST = Duration.ofSeconds(60);

    private final Consumer<String, byte[]> consumer;
    private final List<TopicPartition> places;
    private volatile int count;

    NewExamples(KafkaClients clients) {
        consumer = clients.consumer(null);
        String topic = clients.name(Topic.TRAINING_EXAMPLES);
        places = consumer.partitionsFor(topic).stream()
                .map(info -> new TopicPartition(topic, info.partition()))
                .toList();
        consumer.assign(places);
    }

    /**
     * Starts counting after the used examples.
     *
     * @param used by partition, the offset after the last used one
     */
    void countFrom(Map<Integer, Long> used) {
        Map<TopicPartition, Long> beginnings = consumer.beginningOffsets(places);
        for (TopicPartition place : places) {
            long from = Math.max(beginnings.get(place), used.getOrDefault(place.partition(), 0L));
            consumer.seek(place, from);
        }
        count = 0;
    }

    /** Counts further examples that are available without waiting; returns the count so far. */
    int more() {
        count += consumer.poll(Duration.ZERO).count();
        return count;
    }

    /**
     * Counts all examples that are in the topic at the time of the call; returns the count so far.
     *
     * @throws TimeoutException if they cannot be read within a minute
     */
    int all() {
        Map<TopicPartition, Long> ends = consumer.endOffsets(places);
        long deadline = System.nanoTime() + LONGEST.toNanos();
        while (places.stream().anyMatch(place -> consumer.position(place) < ends.get(place))) {
            if (System.nanoTime() > deadline) {
                throw new TimeoutException(
                        "The new training examples could not be read within " + LONGEST.toSeconds() + " s.");
            }
            count += consumer.poll(STEP).count();
        }
        return count;
    }

    /** The count so far; may be called from any thread. */
    int count() {
        return count;
    }

    @Override
    public void close() {
        consumer.close();
    }
}
