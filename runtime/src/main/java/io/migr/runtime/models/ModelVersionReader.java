package io.migr.runtime.models;

import io.migr.runtime.kafka.KafkaClients;
import io.migr.schemas.ModelVersion;
import io.migr.schemas.Topic;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.Deserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads the topic of model versions from its beginning and follows it. Not thread-safe. */
public final class ModelVersionReader implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ModelVersionReader.class);
    private static final Duration STEP = Duration.ofMillis(200);
    private static final Duration LONGEST = Duration.ofSeconds(30);

    private final Consumer<String, byte[]> consumer;
    private final TopicPartition place;
    private final Deserializer<ModelVersion> values;
    private ModelVersions versions = ModelVersions.NONE;

    /** A reader of what there is now. */
    public ModelVersionReader(KafkaClients clients) {
        this(clients, clients.consumer(null));
    }

    private ModelVersionReader(KafkaClients clients, Consumer<String, byte[]> consumer) {
        this(
                consumer,
                clients.name(Topic.MODEL_VERSIONS),
                clients.serde(ModelVersion.class).deserializer());
    }

    /** A reader that waits for changes all the time. */
    public static ModelVersionReader waiting(KafkaClients clients) {
        return new ModelVersionReader(clients, clients.waitingConsumer());
    }

    /** A reader that uses the given consumer and closes it in {@link #close}. */
    public ModelVersionReader(Consumer<String, byte[]> consumer, String topic, Deserializer<ModelVersion> values) {
        this.consumer = consumer;
        this.values = values;
        place = new TopicPartition(topic, 0);
        consumer.assign(List.of(place));
        consumer.seekToBeginning(List.of(place));
    }

    /**
     * The versions after all records that are in the topic now.
     *
     * @throws org.apache.kafka.common.KafkaException if the broker or the registry does not answer
     */
    public ModelVersions now() {
        return until(consumer.endOffsets(List.of(place)).get(place));
    }

    /**
     * The versions after all records before an offset. Waits for them, because a record is not visible the moment it is
     * committed.
     *
     * @throws org.apache.kafka.common.errors.TimeoutException if it takes longer than 30 s
     */
    public ModelVersions until(long end) {
        long deadline = System.nanoTime() + LONGEST.toNanos();
        while (consumer.position(place) < end) {
            if (System.nanoTime() > deadline) {
                throw new TimeoutException("Offset " + end + " of " + place.topic() + " could not be read within "
                        + LONGEST.toSeconds() + " s.");
            }
            poll(STEP);
        }
        return versions;
    }

    /**
     * Waits for new records, at most {@code longest}, and returns the versions after them.
     *
     * @throws RetriableException if the registry does not answer; the next call reads the same record again
     */
    public ModelVersions poll(Duration longest) {
        for (ConsumerRecord<String, byte[]> record : consumer.poll(longest)) {
            try {
                ModelVersion version = values.deserialize(record.topic(), record.value());
                if (record.key() == null || version != null && !record.key().equals(version.getId())) {
                    LOG.warn(
                            "Offset {} of {} is skipped: its key is {}, which is not the id of its version.",
                            record.offset(),
                            record.topic(),
                            record.key());
                    continue;
                }
                versions = versions.with(record.key(), version);
            } catch (RetriableException e) {
                consumer.seek(place, record.offset());
                throw e;
            } catch (SerializationException e) {
                // foreign bytes on the topic must not stop readers from finding the live version
                LOG.warn(
                        "Offset {} of {} is not a model version and is skipped: {}",
                        record.offset(),
                        record.topic(),
                        e.getMessage());
            }
        }
        return versions;
    }

    @Override
    public void close() {
        consumer.close();
    }
}
