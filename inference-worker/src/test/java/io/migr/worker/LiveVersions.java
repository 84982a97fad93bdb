package io.migr.worker;

import io.migr.runtime.models.ArtifactStore;
import io.migr.runtime.models.ModelVersionReader;
import io.migr.schemas.AvroSerde;
import io.migr.schemas.InMemorySchemaRegistry;
import io.migr.schemas.ModelNeeds;
import io.migr.schemas.ModelStatus;
import io.migr.schemas.ModelVersion;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.Serde;

/** A fake topic of model versions that a test writes to. */
final class LiveVersions {
    private static final TopicPartition PLACE = new TopicPartition("migr.model-versions", 0);
    private static final Serde<ModelVersion> VALUES = AvroSerde.of(ModelVersion.class, new InMemorySchemaRegistry());

    private final MockConsumer<String, byte[]> consumer = new MockConsumer<>("earliest") {
        @Override
        public synchronized org.apache.kafka.clients.consumer.ConsumerRecords<String, byte[]> poll(
                java.time.Duration longest) {
            try {
                Thread.sleep(2); // the mock does not wait and would keep a processor busy
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return super.poll(longest);
        }
    };
    private long written;

    LiveVersions() {
        consumer.updateBeginningOffsets(Map.of(PLACE, 0L));
        consumer.updateEndOffsets(Map.of(PLACE, 0L));
    }

    /** Whether the topics carry media; to be set before a source is made. */
    boolean carriesMedia = true;

    /** A source of versions whose artifacts are folders named by their hash. */
    ModelSource source(ModelLoader loader) {
        return source(sha256 -> Path.of(sha256), loader);
    }

    /** Returns the folder of an artifact. */
    interface Fetching {
        Path fetch(String sha256) throws io.migr.runtime.models.ArtifactException;
    }

    ModelSource source(Fetching fetching, ModelLoader loader) {
        ArtifactStore store = new ArtifactStore() {
            @Override
            public Artifact put(Path folder) {
                throw new UnsupportedOperationException("A worker stores no artifacts.");
            }

            @Override
            public Path fetch(String sha256) throws io.migr.runtime.models.ArtifactException {
                return fetching.fetch(sha256);
            }
        };
        return new ModelSource(
                () -> new ModelVersionReader(consumer, PLACE.topic(), VALUES.deserializer()),
                store,
                loader,
                carriesMedia);
    }

    /** Writes a record that gives a version a status. */
    void write(String id, String sha256, ModelStatus status) {
        write(id, sha256, status, ModelNeeds.MEDIA, null);
    }

    /** As {@link #write(String, String, ModelStatus)}, for a version with needs and a predecessor. */
    void write(String id, String sha256, ModelStatus status, ModelNeeds needs, String predecessor) {
        ModelVersion version = ModelVersion.newBuilder()
                .setId(id)
                .setArtifact("file:///store/" + sha256)
                .setSha256(sha256)
                .setStatus(status)
                .setTrainedOn(List.of())
                .setMetrics(Map.of())
                .setWhy("It is a test.")
                .setChangedAt(Instant.EPOCH)
                .setChangedBy("ann")
                .setNeeds(needs)
                .setPredecessor(predecessor)
                .build();
        byte[] value = VALUES.serializer().serialize(PLACE.topic(), version);
        long offset = written++;
        consumer.updateEndOffsets(Map.of(PLACE, written));
        consumer.schedulePollTask(() -> consumer.addRecord(new ConsumerRecord<>(PLACE.topic(), 0, offset, id, value)));
    }
}
