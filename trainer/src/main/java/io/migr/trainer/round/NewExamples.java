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
 * Counts examples that no round has used. They are read to be counted, because offsets also count the markers of
 * transactions; nothing of them is kept. One thread at a time.
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
     * Begins to count behind what was used.
     *
     * @param used by partition, the offset behind the last used one
     */
    void countFrom(Map<Integer, Long> used) {
        Map<TopicPartition, Long> beginnings = consumer.beginningOffsets(places);
        for (TopicPartition place : places) {
            long from = Math.max(beginnings.get(place), used.getOrDefault(place.partition(), 0L));
            consumer.seek(place, from);
        }
        count = 0;
    }

    /** Looks for more, without waiting. */
    int more() {
        count += consumer.poll(Duration.ZERO).count();
        return count;
    }

    /** Counts all that are there now. */
    int all() {
        Map<TopicPartition, Long> ends = consumer.endOffsets(places);
        long deadline = System.nanoTime() + LONGEST.toNanos();
        while (places.stream().anyMatch(place -> consumer.position(place) < ends.get(place))) {
            if (System.nanoTime() > deadline) {
                throw new TimeoutException(
                        "The new training examples were not to be read within " + LONGEST.toSeconds() + " s.");
            }
            count += consumer.poll(STEP).count();
        }
        return count;
    }

    /** As of the last look; any thread may ask. */
    int count() {
        return count;
    }

    @Override
    public void close() {
        consumer.close();
    }
}
