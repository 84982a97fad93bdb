package io.migr.schemas;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DatumReader;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.avro.specific.SpecificDatumWriter;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serializer;

/**
 * Reads and writes Avro in Confluent wire format: a zero byte, the writer's schema id as 4 big-endian bytes, then Avro
 * binary. Subjects are named {@code {topic}-value}. Records are decoded with the schema they were written with, and
 * times in the units of that schema.
 */
public final class AvroSerde<T extends SpecificRecord> implements Serde<T> {
    private static final byte MAGIC = 0;
    private static final int HEADER = 5;

    static {
        AvroSafety.set();
    }

    private final Class<T> type;
    private final Schema schema;
    private final SchemaRegistryClient registry;
    /** Our schema in the writer's units, by the id of the writer's schema. */
    private final Map<Integer, Schema> readers = new ConcurrentHashMap<>();

    private AvroSerde(Class<T> type, SchemaRegistryClient registry) {
        this.type = type;
        this.registry = registry;
        schema = SpecificData.get().getSchema(type);
    }

    public static <T extends SpecificRecord> AvroSerde<T> of(Class<T> type, SchemaRegistryClient registry) {
        return new AvroSerde<>(type, registry);
    }

    @Override
    public Serializer<T> serializer() {
        return this::serialize;
    }

    @Override
    public Deserializer<T> deserializer() {
        return this::deserialize;
    }

    private byte[] serialize(String topic, T record) {
        if (record == null) {
            return null;
        }
        int id = registry.register(topic + "-value", schema);
        ByteArrayOutputStream out = new ByteArrayOutputStream(1024);
        out.write(MAGIC);
        out.writeBytes(ByteBuffer.allocate(4).putInt(id).array());
        try {
            BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(out, null);
            new SpecificDatumWriter<T>(schema).write(record, encoder);
            encoder.flush();
        } catch (IOException | AvroRuntimeException | NullPointerException e) {
            throw new SerializationException(
                    "A " + type.getSimpleName() + " for " + topic + " can't be written: " + e.getMessage(), e);
        }
        return out.toByteArray();
    }

    private T deserialize(String topic, byte[] bytes) {
        if (bytes == null) {
            return null;
        }
        if (bytes.length < HEADER || bytes[0] != MAGIC) {
            throw new SerializationException("A value of " + bytes.length + " bytes on " + topic
                    + " is not in Confluent wire format (a zero byte, 4 bytes of schema id, Avro).");
        }
        int id = ByteBuffer.wrap(bytes).getInt(1);
        Schema writer = registry.byId(id);
        BinaryDecoder decoder = DecoderFactory.get().binaryDecoder(bytes, HEADER, bytes.length - HEADER, null);
        try {
            Schema fitting = readers.computeIfAbsent(id, unread -> WrittenUnits.fit(writer, schema));
            DatumReader<T> reader = fitting == schema
                    ? new SpecificDatumReader<>(writer, schema)
                    : WrittenUnits.reader(writer, fitting);
            T record = reader.read(null, decoder);
            if (!decoder.isEnd()) {
                throw new SerializationException(
                        "A value on " + topic + " has bytes left over after its " + type.getSimpleName() + ".");
            }
            return record;
        } catch (SerializationException e) {
            throw e;
        } catch (IOException | RuntimeException | StackOverflowError e) {
            // Avro throws almost any exception on damaged bytes, and skips nested values by recursion
            throw new SerializationException(
                    "A value of " + bytes.length + " bytes on " + topic + " is not a valid " + type.getSimpleName()
                            + ": " + (e.getMessage() == null ? e : e.getMessage()),
                    e);
        }
    }
}
