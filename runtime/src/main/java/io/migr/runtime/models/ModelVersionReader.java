package io.migr.runtime.models;

import io.migr.runtime.KafkaClients;
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

/** Follows the versions from the beginning of their topic. One thread at a time. */
public final class ModelVersionReader implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ModelVersionReader.class);
    private static final Duration STEP = Duration.ofMillis(200);
    private static final Duration LONGEST = Duration.ofSeconds(30);

    private final Consumer<String, byte[]> consumer;
    private final TopicPartition place;
    private final Deserializer<ModelVersion> values;
    private ModelVersions versions = ModelVersions.NONE;

    public ModelVersionReader(KafkaClients clients) {
        this(
                clients.consumer(null),
                clients.name(Topic.MODEL_VERSIONS),
                clients.serde(ModelVersion.class).deserializer());
    }

    /** With a consumer of one's own, which is closed with this. */
    public ModelVersionReader(Consumer<String, byte[]> consumer, String topic, Deserializer<ModelVersion> values) {
        this.consumer = consumer;
        this.values = values;
        place = new TopicPartition(topic, 0);
        consumer.assign(List.of(place));
        consumer.seekToBeginning(List.of(place));
    }

    /**
     * The versions as of now.
     *
     * @throws org.apache.kafka.common.KafkaException when broker or registry do not answer
     */
    public ModelVersions now() {
        return until(consumer.endOffsets(List.of(place)).get(place));
    }

    /**
     * The versions with all records before an offset: what was committed is not visible at once.
     *
     * @throws org.apache.kafka.common.errors.TimeoutException when it takes longer than half a minute
     */
    public ModelVersions until(long end) {
        long deadline = System.nanoTime() + LONGEST.toNanos();
        while (consumer.position(place) < end) {
            if (System.nanoTime() > deadline) {
                throw new TimeoutException("Offset " + end + " of " + place.topic() + " was not to be read within "
                        + LONGEST.toSeconds() + " s.");
            }
            poll(STEP);
        }
        return versions;
    }

    /**
     * The versions after at most so long, or as soon as something came.
     *
     * @throws RetriableException when the registry does not answer; the next call reads the same record again
     */
    public ModelVersions poll(Duration longest) {
        for (ConsumerRecord<String, byte[]> record : consumer.poll(longest)) {
            try {
                versions = versions.with(record.key(), values.deserialize(record.topic(), record.value()));
            } catch (RetriableException e) {
                consumer.seek(place, record.offset());
                throw e;
            } catch (SerializationException e) {
                // somebody else's bytes must not keep anybody from knowing what is live
                LOG.warn(
                        "Offset {} of {} is no model version and is passed over: {}",
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
