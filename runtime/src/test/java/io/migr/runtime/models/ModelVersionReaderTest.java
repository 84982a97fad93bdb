package io.migr.runtime.models;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.migr.schemas.AvroSerde;
import io.migr.schemas.InMemorySchemaRegistry;
import io.migr.schemas.ModelStatus;
import io.migr.schemas.ModelVersion;
import io.migr.schemas.SchemaRegistryUnavailableException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.Serde;
import org.junit.jupiter.api.Test;

class ModelVersionReaderTest {
    private static final TopicPartition PLACE = new TopicPartition("migr.model-versions", 0);

    private final MockConsumer<String, byte[]> consumer = new MockConsumer<>("earliest");
    private final Serde<ModelVersion> values = AvroSerde.of(ModelVersion.class, new InMemorySchemaRegistry());
    private boolean away;

    private ModelVersionReader reader(byte[]... records) {
        consumer.updateBeginningOffsets(Map.of(PLACE, 0L));
        consumer.updateEndOffsets(Map.of(PLACE, (long) records.length));
        ModelVersionReader reader = new ModelVersionReader(consumer, PLACE.topic(), (topic, bytes) -> {
            if (away) {
                throw new SchemaRegistryUnavailableException("It does not answer.", null);
            }
            return values.deserializer().deserialize(topic, bytes);
        });
        for (int i = 0; i < records.length; i++) {
            consumer.addRecord(new ConsumerRecord<>(PLACE.topic(), 0, i, "a", records[i]));
        }
        return reader;
    }

    private byte[] live() {
        return values.serializer().serialize(PLACE.topic(), Versions.of("a", ModelStatus.LIVE));
    }

    @Test
    void aRecordThatIsNotAVersionIsSkipped() {
        try (ModelVersionReader reader = reader(new byte[] {1, 2, 3}, live())) {
            assertEquals(
                    List.of("a"),
                    reader.now().all().stream().map(ModelVersion::getId).toList());
        }
    }

    @Test
    void aRecordIsReadAgainAfterTheRegistryWasUnavailable() {
        try (ModelVersionReader reader = reader(live())) {
            away = true;
            assertThrows(SchemaRegistryUnavailableException.class, reader::now);
            assertEquals(0, consumer.position(PLACE), "the version must not be skipped");
            away = false;
            consumer.addRecord(new ConsumerRecord<>(PLACE.topic(), 0, 0, "a", live())); // the broker sends it again
            assertEquals("a", reader.poll(Duration.ZERO).live().orElseThrow().getId());
        }
    }
}
