package io.migr.schemas;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.DecoderFactory;
import org.junit.jupiter.api.Test;

/** Readers of before {@link Dominance#NEITHER} and the decomposition of evidence read later records, and we read theirs. */
class NeitherTest {
    private static final int BEFORE = 3;

    private static Schema before() throws IOException {
        return new Schema.Parser().parse(Files.readString(SchemaHistory.file(BEFORE, "EmotionPrediction", "avsc")));
    }

    @Test
    void aReleasedReaderSeesUnknown() throws IOException {
        Schema current = EmotionPrediction.getClassSchema();
        GenericData.Record written = Sample.of(current);
        GenericRecord importance = (GenericRecord) written.get("importance");
        Schema dominance = importance.getSchema().getField("dominant").schema();
        importance.put("dominant", new GenericData.EnumSymbol(dominance, "NEITHER"));
        GenericRecord read = new GenericDatumReader<GenericRecord>(current, before())
                .read(null, DecoderFactory.get().binaryDecoder(Sample.bytes(written), null));
        GenericRecord seen = (GenericRecord) read.get("importance");
        assertEquals("UNKNOWN", seen.get("dominant").toString());
        assertEquals(importance.get("visualShare"), seen.get("visualShare"));
        assertEquals(
                written.get("modelVersion").toString(), read.get("modelVersion").toString());
    }

    @Test
    void aRecordOfBeforeHasNoDecomposition() throws IOException {
        InMemorySchemaRegistry registry = new InMemorySchemaRegistry();
        byte[] value = Files.readAllBytes(SchemaHistory.file(BEFORE, "EmotionPrediction", "bin"));
        byte[] framed = ByteBuffer.allocate(5 + value.length)
                .put((byte) 0)
                .putInt(registry.register("t-value", before()))
                .put(value)
                .array();
        EmotionPrediction read =
                AvroSerde.of(EmotionPrediction.class, registry).deserializer().deserialize("t", framed);
        assertNull(read.getImportance().getDecomposition());
        assertEquals(Dominance.BALANCED, read.getImportance().getDominant());
    }
}
