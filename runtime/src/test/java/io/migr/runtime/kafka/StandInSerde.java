package io.migr.runtime.kafka;

import io.migr.schemas.InMemorySchemaRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.avro.specific.SpecificDatumWriter;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serializer;

/**
 * Stands in for Confluent's SpecificAvroSerde, which is not on Maven Central: it has a constructor without arguments,
 * is configured by a settings map and finds a record's class by the name in the writer's schema.
 */
public final class StandInSerde implements Serde<SpecificRecord> {
    private static final InMemorySchemaRegistry REGISTRY = new InMemorySchemaRegistry();
    private Map<String, ?> settings = Map.of();

    @Override
    public void configure(Map<String, ?> configs, boolean isKey) {
        if (isKey) {
            throw new IllegalArgumentException("This serde is for values, not for keys.");
        }
        settings = configs;
    }

    Map<String, ?> settings() {
        return settings;
    }

    @Override
    public Serializer<SpecificRecord> serializer() {
        return (topic, record) -> {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            int id = REGISTRY.register(topic + "-value", record.getSchema());
            out.writeBytes(ByteBuffer.allocate(5).putInt(1, id).array());
            BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(out, null);
            try {
                new SpecificDatumWriter<>(record.getSchema()).write(record, encoder);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return out.toByteArray();
        };
    }

    @Override
    public Deserializer<SpecificRecord> deserializer() {
        return (topic, bytes) -> {
            Schema writer = REGISTRY.byId(ByteBuffer.wrap(bytes).getInt(1));
            Schema reader = SpecificData.get().getSchema(SpecificData.get().getClass(writer));
            try {
                return new SpecificDatumReader<SpecificRecord>(writer, reader)
                        .read(null, DecoderFactory.get().binaryDecoder(bytes, 5, bytes.length - 5, null));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        };
    }
}
