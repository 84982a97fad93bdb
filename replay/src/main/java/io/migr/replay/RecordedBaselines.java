package io.migr.replay;

import io.migr.schemas.ClipKey;
import io.migr.schemas.InferenceRequest;
import io.migr.schemas.ParticipantBaseline;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.utils.Utils;

/**
 * Finds the baselines that recorded requests have. Requests have about the times and the order of their clips, so each
 * partition is read once, forwards, and of what was read ahead only the baselines are kept. Not thread-safe.
 */
final class RecordedBaselines implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(200);
    /** How much earlier than its clip a request may be: it may have the time of an earlier clip's half. */
    private static final Duration EARLIER = Duration.ofMinutes(1);
    /** How much later than its clip a request is looked for: halves may have waited. */
    private static final Duration LATER = Duration.ofHours(1);

    /** A request's baseline, which may be null, and its time in ms since the epoch. */
    record Found(ParticipantBaseline baseline, long timestamp) {}

    private final class Reader {
        private final Consumer<String, byte[]> consumer = consumers.get();
        private final TopicPartition place;
        private final long end;
        private final Map<String, Found> ahead = new HashMap<>();
        private long newest = Long.MIN_VALUE;

        Reader(int partition, long timestamp) {
            place = new TopicPartition(topic, partition);
            consumer.assign(List.of(place));
            end = consumer.endOffsets(List.of(place)).get(place);
            long from = Math.max(0, timestamp - EARLIER.toMillis());
            OffsetAndTimestamp first =
                    consumer.offsetsForTimes(Map.of(place, from)).get(place);
            consumer.seek(place, first == null ? end : first.offset());
        }

        Found find(String clip, long timestamp) {
            while (!ahead.containsKey(clip)
                    && newest <= timestamp + LATER.toMillis()
                    && consumer.position(place) < end) {
                consumer.poll(POLL).forEach(this::keep);
            }
            ahead.values().removeIf(one -> one.timestamp() < timestamp - LATER.toMillis());
            return ahead.remove(clip);
        }

        private void keep(ConsumerRecord<String, byte[]> record) {
            newest = Math.max(newest, record.timestamp());
            try {
                InferenceRequest request = requests.deserialize(topic, record.value());
                if (request != null) {
                    ahead.putIfAbsent(
                            ClipKey.name(request.getClip()), new Found(request.getBaseline(), record.timestamp()));
                }
            } catch (SerializationException | IllegalArgumentException e) {
                // a request that cannot be read has no baseline to find
            }
        }
    }

    private final String topic;
    private final Deserializer<InferenceRequest> requests;
    private final Supplier<? extends Consumer<String, byte[]>> consumers;
    private final Map<Integer, Reader> readers = new HashMap<>();
    private int partitions;

    /**
     * Opens nothing yet.
     *
     * @param topic of the requests
     */
    RecordedBaselines(
            String topic,
            Deserializer<InferenceRequest> requests,
            Supplier<? extends Consumer<String, byte[]>> consumers) {
        this.topic = topic;
        this.requests = requests;
        this.consumers = consumers;
    }

    /**
     * The baseline in a clip's recorded request.
     *
     * @param key of the clip
     * @param clip its name
     * @param timestamp when it was sent, in ms since the epoch
     * @return empty if no request of it is kept
     */
    Optional<Found> find(String key, String clip, long timestamp) {
        if (partitions == 0) {
            try (Consumer<String, byte[]> consumer = consumers.get()) {
                partitions = consumer.partitionsFor(topic).size();
            }
        }
        // as the producer of the requests chooses it
        int partition = Utils.toPositive(Utils.murmur2(key.getBytes(StandardCharsets.UTF_8))) % partitions;
        return Optional.ofNullable(readers.computeIfAbsent(partition, number -> new Reader(number, timestamp))
                .find(clip, timestamp));
    }

    /** Forgets how far was read, so that earlier clips can be asked for. */
    void reset() {
        readers.values().forEach(reader -> reader.consumer.close());
        readers.clear();
    }

    @Override
    public void close() {
        reset();
    }
}
