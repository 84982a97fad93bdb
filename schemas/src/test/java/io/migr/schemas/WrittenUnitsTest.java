package io.migr.schemas;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.kafka.common.errors.SerializationException;
import org.junit.jupiter.api.Test;

/** Clips whose writers use other types for times than we do. */
class WrittenUnitsTest {
    private static final String OURS = ClipSegment.getClassSchema().toString();
    private static final String MILLIS = "{\"type\":\"long\",\"logicalType\":\"timestamp-millis\"}";
    private static final Instant CAPTURED = Instant.parse("2026-05-04T03:02:01.123Z");

    private final InMemorySchemaRegistry registry = new InMemorySchemaRegistry();
    private final AvroSerde<ClipSegment> serde = AvroSerde.of(ClipSegment.class, registry);

    private ClipSegment read(String capturedAt, long value) throws IOException {
        return read(new Schema.Parser().parse(OURS.replace(MILLIS, capturedAt)), value);
    }

    /** Writes a clip as another program would, with all its times of the same value, and reads it. */
    private ClipSegment read(Schema writer, long value) throws IOException {
        GenericRecord clip = new GenericData.Record(writer.getField("clip").schema());
        clip.put("callId", "call");
        clip.put("participantId", "ann");
        clip.put("sequence", 7L);
        GenericRecord record = new GenericData.Record(writer);
        record.put("clip", clip);
        record.put("startMs", 1L);
        record.put("durationMs", 2);
        boolean small = writer.getField("capturedAt").schema().getType() == Schema.Type.INT;
        record.put("capturedAt", small ? (Object) (int) value : (Object) value);
        record.put("mediaType", "video/mp4");
        record.put(
                "consent", new GenericData.EnumSymbol(writer.getField("consent").schema(), "GRANTED"));
        Schema terms = writer.getField("terms").schema().getTypes().get(1);
        GenericRecord agreed = new GenericData.Record(terms);
        agreed.put("purposes", List.of());
        for (String name : List.of("basis", "setting", "exemption")) {
            agreed.put(name, new GenericData.EnumSymbol(terms.getField(name).schema(), "UNSPECIFIED"));
        }
        agreed.put("grantedAt", small ? (Object) (int) value : (Object) value);
        record.put("terms", agreed);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(ByteBuffer.allocate(5)
                .putInt(1, registry.register("any", writer))
                .array());
        BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(out, null);
        new GenericDatumWriter<GenericRecord>(writer).write(record, encoder);
        encoder.flush();
        return serde.deserializer().deserialize("migr.clips", out.toByteArray());
    }

    @Test
    void pointsInTimeAreReadInTheUnitOfTheirWriter() throws IOException {
        long millis = CAPTURED.toEpochMilli();
        Map<String, Long> written = Map.of(
                MILLIS,
                millis,
                "\"long\"",
                millis,
                "{\"type\":\"long\",\"logicalType\":\"of-our-company\"}",
                millis,
                "{\"type\":\"long\",\"logicalType\":\"timestamp-micros\"}",
                millis * 1_000 + 999,
                "{\"type\":\"long\",\"logicalType\":\"timestamp-nanos\"}",
                millis * 1_000_000 + 999_999);
        for (Map.Entry<String, Long> one : written.entrySet()) {
            ClipSegment clip = read(one.getKey(), one.getValue());
            assertEquals(CAPTURED, clip.getCapturedAt(), one.getKey());
            assertEquals(CAPTURED, clip.getTerms().getGrantedAt(), one.getKey());
            assertEquals(Consent.GRANTED, clip.getConsent());
        }
        assertEquals(
                Instant.ofEpochMilli(-1),
                read("{\"type\":\"long\",\"logicalType\":\"timestamp-micros\"}", -1)
                        .getCapturedAt());
    }

    @Test
    void whatIsNoPointInTimeIsRefusedWithItsField() {
        for (String other : List.of(
                "{\"type\":\"int\",\"logicalType\":\"date\"}",
                "{\"type\":\"long\",\"logicalType\":\"time-micros\"}",
                "{\"type\":\"int\",\"logicalType\":\"time-millis\"}",
                "{\"type\":\"long\",\"logicalType\":\"local-timestamp-millis\"}")) {
            SerializationException e = assertThrows(SerializationException.class, () -> read(other, 20_000), other);
            assertTrue(e.getMessage().contains("The field capturedAt was written as "), e.getMessage());
        }
        Schema micros = new Schema.Parser()
                .parse(OURS.replace(
                        "\"startMs\",\"type\":\"long\"",
                        "\"startMs\",\"type\":{\"type\":\"long\",\"logicalType\":\"time-micros\"}"));
        SerializationException e = assertThrows(SerializationException.class, () -> read(micros, 1));
        assertTrue(e.getMessage().contains("The field startMs was written as time-micros"), e.getMessage());
    }

    @Test
    void ourOwnSchemaIsNotChanged() {
        Schema ours = InferenceRequest.getClassSchema();
        assertSame(ours, WrittenUnits.fit(ours, ours));
        assertSame(ours, WrittenUnits.fit(EmotionTimeline.getClassSchema(), ours));
    }

    /** A field that we skip, with a value so deep that skipping it overflows the stack. */
    @Test
    void deepValuesOfOthersAreRefused() throws IOException {
        String tree = "{\"name\":\"tree\",\"type\":{\"type\":\"record\",\"name\":\"Tree\",\"fields\":"
                + "[{\"name\":\"next\",\"type\":[\"null\",\"Tree\"]}]}},";
        Schema writer = new Schema.Parser().parse(OURS.replaceFirst("\"fields\":\\[", "\"fields\":[" + tree));
        byte[] bytes = new byte[4_000_000];
        java.util.Arrays.fill(bytes, (byte) 2);
        ByteBuffer.wrap(bytes).put(0, (byte) 0).putInt(1, registry.register("deep", writer));
        assertThrows(SerializationException.class, () -> serde.deserializer().deserialize("migr.clips", bytes));
    }
}
