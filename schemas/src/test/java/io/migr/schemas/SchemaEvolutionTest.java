package io.migr.schemas;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Checks the current schemas against every released version. */
class SchemaEvolutionTest {
    private static final ObjectMapper JSON = new ObjectMapper()
            .enable(SerializationFeature.INDENT_OUTPUT)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);
    private static final String LATER = "FROM_A_LATER_VERSION";

    static Stream<Class<? extends SpecificRecord>> records() {
        return Arrays.stream(Topic.values())
                .map(Topic::value)
                .filter(type -> type != null)
                .distinct();
    }

    private static Schema schema(Class<? extends SpecificRecord> type) {
        return SpecificData.get().getSchema(type);
    }

    /** Reads a value as a service reads it from a topic. */
    private static <T extends SpecificRecord> T read(Class<T> type, Schema writer, byte[] value) {
        InMemorySchemaRegistry registry = new InMemorySchemaRegistry();
        int id = registry.register("t-value", writer);
        byte[] framed = ByteBuffer.allocate(5 + value.length)
                .put((byte) 0)
                .putInt(id)
                .put(value)
                .array();
        return AvroSerde.of(type, registry).deserializer().deserialize("t", framed);
    }

    @ParameterizedTest
    @MethodSource("records")
    void theNewestReleasedVersionIsTheCurrentOne(Class<? extends SpecificRecord> type) throws IOException {
        SchemaHistory history = SchemaHistory.of(type.getSimpleName());
        String todo = history.notKept(schema(type));
        if (todo != null && Boolean.getBoolean("keep.schemas")) {
            keep(schema(type), history);
        }
        assertTrue(todo == null, todo);
    }

    private static void keep(Schema schema, SchemaHistory history) throws IOException {
        int version = history.versions().isEmpty() ? 1 : history.versions().lastKey() + 1;
        Path file = SchemaHistory.file(version, history.name(), "avsc");
        Files.createDirectories(file.getParent());
        Files.writeString(file, schema.toString(true) + "\n");
        Files.write(SchemaHistory.file(version, history.name(), "bin"), Sample.bytes(Sample.of(schema)));
        Files.writeString(
                SchemaHistory.file(version, history.name(), "json"),
                JSON.writeValueAsString(Sample.json(Sample.of(schema))) + "\n");
    }

    @ParameterizedTest
    @MethodSource("records")
    void theCurrentVersionReadsAllReleasedOnes(Class<? extends SpecificRecord> type) throws IOException {
        assertEquals(List.of(), SchemaHistory.of(type.getSimpleName()).problems(schema(type)));
    }

    @ParameterizedTest
    @MethodSource("records")
    void recordsWrittenWithAReleasedVersionKeepTheirValues(Class<? extends SpecificRecord> type) throws IOException {
        String name = type.getSimpleName();
        for (Map.Entry<Integer, Schema> kept : SchemaHistory.of(name).versions().entrySet()) {
            int version = kept.getKey();
            byte[] bytes = Files.readAllBytes(SchemaHistory.file(version, name, "bin"));
            JsonNode expected =
                    JSON.readTree(SchemaHistory.file(version, name, "json").toFile());
            Sample.assertHas(expected, Sample.json(read(type, kept.getValue(), bytes)), name);
        }
    }

    @ParameterizedTest
    @MethodSource("records")
    void aSymbolOfALaterVersionIsReadAsTheDefault(Class<? extends SpecificRecord> type) throws IOException {
        JsonNode later = JSON.readTree(schema(type).toString());
        List<JsonNode> enums = new ArrayList<>(later.findParents("symbols"));
        enums.forEach(one ->
                ((ArrayNode) one.get("symbols")).add(later(one.get("name").asText())));
        Schema writer = new Schema.Parser().parse(later.toString());
        byte[] bytes = Sample.bytes(Sample.of(writer));
        String written = Sample.json(Sample.of(writer)).toString();
        assertEquals(!enums.isEmpty(), written.contains(LATER));
        Sample.assertHas(
                JSON.readTree(defaults(writer, written)), Sample.json(read(type, writer, bytes)), type.getSimpleName());
    }

    /** A symbol that no version knows, different for each enum. */
    private static String later(String name) {
        return LATER + "_" + name;
    }

    /** The written values with each unknown symbol replaced by the default of its enum. */
    private static String defaults(Schema writer, String written) {
        String known = written;
        for (Schema type : SchemaHistory.named(writer).values()) {
            if (type.getType() == Schema.Type.ENUM) {
                known = known.replace(quoted(later(type.getName())), quoted(type.getEnumDefault()));
            }
        }
        return known;
    }

    private static String quoted(String text) {
        return '"' + text + '"';
    }

    /** A sender that does not know the field has not given consent. */
    @Test
    void aClipWithoutAConsentFieldIsReadAsUnspecified() throws IOException {
        JsonNode json = JSON.readTree(ClipSegment.getClassSchema().toString());
        ArrayNode fields = (ArrayNode) json.get("fields");
        for (int i = fields.size() - 1; i >= 0; i--) {
            if (fields.get(i).get("name").asText().equals("consent")) {
                fields.remove(i);
            }
        }
        Schema older = new Schema.Parser().parse(json.toString());
        ClipSegment clip = read(ClipSegment.class, older, Sample.bytes(Sample.of(older)));
        assertEquals(Consent.UNSPECIFIED, clip.getConsent());
        assertEquals("ClipSegment.clip.callId", clip.getClip().getCallId());
        SchemaHistory history = new SchemaHistory("ClipSegment", new TreeMap<>(Map.of(1, older)));
        assertEquals(List.of(), history.problems(ClipSegment.getClassSchema()));
        assertFalse(history.notKept(ClipSegment.getClassSchema()) == null);
    }
}
