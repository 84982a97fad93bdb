package io.migr.integration;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.time.Instant;
import java.util.Set;
import java.util.TreeSet;
import org.apache.avro.specific.SpecificRecord;

/** Asserts that another client read the same fields and values from a record as migr. */
final class SameValues {
    private static final ObjectMapper JSON = new ObjectMapper();

    private SameValues() {}

    static void check(SpecificRecord ours, JsonNode theirs) throws IOException {
        check(JSON.readTree(ours.toString()), theirs, ours.getSchema().getName());
    }

    private static void check(JsonNode ours, JsonNode theirs, String at) {
        if (ours.isObject()) {
            assertEquals(names(ours), names(theirs), at);
            ours.fields()
                    .forEachRemaining(
                            field -> check(field.getValue(), theirs.get(field.getKey()), at + "." + field.getKey()));
        } else if (ours.isArray()) {
            assertEquals(ours.size(), theirs.size(), at);
            for (int i = 0; i < ours.size(); i++) {
                check(ours.get(i), theirs.get(i), at + "[" + i + "]");
            }
        } else if (ours.isFloatingPointNumber()) {
            // JavaScript has no float type and prints the same number with the digits of a double
            assertEquals(ours.floatValue(), theirs.floatValue(), at);
        } else if (ours.isTextual() && theirs.isNumber()) {
            assertEquals(Instant.parse(ours.textValue()).toEpochMilli(), theirs.longValue(), at);
        } else {
            assertEquals(ours.asText(), theirs.asText(), at);
            assertEquals(ours.getNodeType(), theirs.getNodeType(), at);
        }
    }

    private static Set<String> names(JsonNode object) {
        Set<String> names = new TreeSet<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }
}
