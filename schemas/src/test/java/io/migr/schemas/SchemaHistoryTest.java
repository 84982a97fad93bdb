package io.migr.schemas;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Tests the compatibility check itself with planted changes. */
class SchemaHistoryTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Schema CURRENT = ClipSegment.getClassSchema();

    private static SchemaHistory history(Schema... kept) {
        TreeMap<Integer, Schema> versions = new TreeMap<>();
        for (int i = 0; i < kept.length; i++) {
            versions.put(i + 1, kept[i]);
        }
        return new SchemaHistory("ClipSegment", versions);
    }

    private static Schema changed(Consumer<ObjectNode> change) {
        try {
            ObjectNode json = (ObjectNode) JSON.readTree(CURRENT.toString());
            change.accept(json);
            return new Schema.Parser().parse(json.toString());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The field or enum of this name at any depth. */
    private static ObjectNode find(JsonNode json, String name) {
        return (ObjectNode) json.findParents("name").stream()
                .filter(one -> one.get("name").asText().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static void add(ObjectNode json, String field) {
        try {
            ((ArrayNode) json.get("fields")).add(JSON.readTree(field));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void remove(ObjectNode json, String field) {
        ArrayNode fields = (ArrayNode) json.get("fields");
        for (int i = fields.size() - 1; i >= 0; i--) {
            if (fields.get(i).get("name").asText().equals(field)) {
                fields.remove(i);
            }
        }
    }

    private static Arguments plant(String what, String noticed, Consumer<ObjectNode> change) {
        return Arguments.of(what, noticed, change);
    }

    static Stream<Arguments> harmful() {
        return Stream.of(
                plant("a field without default", "room", json -> add(json, "{\"name\":\"room\",\"type\":\"string\"}")),
                plant("another type", "STRING not compatible with writer type: INT", json -> find(json, "durationMs")
                        .put("type", "string")),
                plant("a narrower type", "reader type: INT not compatible with writer type: LONG", json -> find(
                                json, "startMs")
                        .put("type", "int")),
                plant(
                        "no longer nullable",
                        "reader type: BYTES not compatible with writer type: NULL",
                        json -> find(json, "media").put("type", "bytes").remove("default")),
                plant("another name", "kind", json -> find(json, "mediaType").put("name", "kind")),
                plant("another type in a nested record", "STRING not compatible with writer type: LONG", json -> find(
                                json, "sequence")
                        .put("type", "string")),
                plant("another unit", "capturedAt was timestamp-millis and is timestamp-micros", json -> ((ObjectNode)
                                find(json, "capturedAt").get("type"))
                        .put("logicalType", "timestamp-micros")),
                plant("a missing symbol", "Consent has lost DENIED", json -> ((ArrayNode)
                                find(json, "Consent").get("symbols"))
                        .remove(2)),
                plant("no default symbol", "Consent has no default symbol", json -> find(json, "Consent")
                        .remove("default")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("harmful")
    void aHarmfulChangeIsReported(String what, String noticed, Consumer<ObjectNode> change) {
        List<String> problems = history(CURRENT).problems(changed(change));
        assertTrue(problems.toString().contains(noticed), what + ": " + problems);
    }

    static Stream<Arguments> harmless() {
        return Stream.of(
                plant("nothing", "", json -> {}),
                plant(
                        "a field with default",
                        "",
                        json -> add(json, "{\"name\":\"room\",\"type\":\"string\",\"default\":\"\"}")),
                plant("an additional symbol", "", json -> ((ArrayNode)
                                find(json, "Consent").get("symbols"))
                        .add("WITHDRAWN")),
                plant("a wider type", "", json -> find(json, "durationMs").put("type", "long")),
                plant("a missing field", "", json -> remove(json, "mediaType")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("harmless")
    void aHarmlessChangeIsNotReported(String what, String none, Consumer<ObjectNode> change) {
        assertEquals(List.of(), history(CURRENT).problems(changed(change)), what);
    }

    /** The version before the last has no such field: only checking all versions shows the missing default. */
    @Test
    void aRemovedDefaultIsFoundByCheckingAllVersions() {
        Schema first = changed(json -> remove(json, "media"));
        Schema next = changed(json -> find(json, "media").remove("default"));
        assertEquals(List.of(), history(CURRENT).problems(next), "checking the last version alone finds nothing");
        List<String> problems = history(first, CURRENT).problems(next);
        assertEquals(1, problems.size(), problems.toString());
        assertTrue(problems.get(0).startsWith("version 1 can't be read"), problems.toString());
        assertTrue(problems.get(0).contains("message:media"), problems.toString());
    }

    @Test
    void anUnreleasedChangeSaysWhatToDo() {

        assertNull(history(CURRENT).notKept(CURRENT));
        assertNull(
                history(CURRENT).notKept(changed(json -> find(json, "consent").put("doc", "other words"))));
        Schema next = changed(json -> add(json, "{\"name\":\"room\",\"type\":\"string\",\"default\":\"\"}"));
        String todo = history(CURRENT).notKept(next);
        assertTrue(todo.contains("-Dkeep.schemas=true"), todo);
        assertTrue(todo.contains("released/2/ClipSegment.avsc"), todo);
        assertNull(history(CURRENT, next).notKept(next));
        assertTrue(history(CURRENT, next).notKept(CURRENT).contains("released/3/ClipSegment.avsc"));
        assertTrue(history().notKept(CURRENT).contains("released/1/ClipSegment.avsc"));
        assertTrue(
                new SchemaHistory("ClipSegment", new TreeMap<>(Map.of(1, CURRENT)))
                                .notKept(changed(json -> find(json, "consent").remove("default")))
                        != null,
                "a default counts");
    }
}
