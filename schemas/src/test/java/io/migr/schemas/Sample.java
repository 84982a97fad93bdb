package io.migr.schemas;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.IndexedRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;

/** Makes a record of any schema in which all values differ, so that a value read into the wrong field is noticed. */
final class Sample {
    private static final ObjectMapper JSON = new ObjectMapper();

    private Sample() {}

    /** Unions have their last type, arrays and maps two elements, enums their last symbol. */
    static GenericData.Record of(Schema schema) {
        return (GenericData.Record) value(schema, schema.getName());
    }

    private static Object value(Schema schema, String path) {
        int number = path.hashCode() & 0xffff;
        return switch (schema.getType()) {
            case RECORD -> {
                GenericData.Record record = new GenericData.Record(schema);
                schema.getFields()
                        .forEach(field -> record.put(field.pos(), value(field.schema(), path + "." + field.name())));
                yield record;
            }
            case ENUM -> {
                List<String> symbols = schema.getEnumSymbols();
                yield new GenericData.EnumSymbol(schema, symbols.get(symbols.size() - 1));
            }
            case ARRAY ->
                new GenericData.Array<>(
                        schema,
                        List.of(
                                value(schema.getElementType(), path + ".0"),
                                value(schema.getElementType(), path + ".1")));
            case UNION -> value(schema.getTypes().get(schema.getTypes().size() - 1), path);
            case STRING -> path;
            case BYTES -> ByteBuffer.wrap(path.getBytes(StandardCharsets.ISO_8859_1));
            case INT -> number;
            case LONG -> 1_700_000_000_000L + number;
            case FLOAT -> number / 65536f;
            case DOUBLE -> number / 65536.0;
            case BOOLEAN -> true;
            case MAP ->
                Map.of(
                        path + ".a",
                        value(schema.getValueType(), path + ".0"),
                        path + ".b",
                        value(schema.getValueType(), path + ".1"));
            case FIXED, NULL -> throw new IllegalArgumentException("No schema here has the type " + schema.getType());
        };
    }

    /** A record as bytes, without the header of the wire format. */
    static byte[] bytes(GenericData.Record record) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(out, null);
        new GenericDatumWriter<GenericData.Record>(record.getSchema()).write(record, encoder);
        encoder.flush();
        return out.toByteArray();
    }

    /** The values of a record as JSON. Bytes become text with one character per byte, times become milliseconds. */
    static JsonNode json(Object value) {
        if (value instanceof IndexedRecord record) {
            ObjectNode object = JSON.createObjectNode();
            for (Schema.Field field : record.getSchema().getFields()) {
                object.set(field.name(), json(record.get(field.pos())));
            }
            return object;
        }
        if (value instanceof Map<?, ?> map) {
            ObjectNode object = JSON.createObjectNode();
            map.forEach((key, element) -> object.set(key.toString(), json(element)));
            return object;
        }
        if (value instanceof List<?> list) {
            ArrayNode array = JSON.createArrayNode();
            list.forEach(element -> array.add(json(element)));
            return array;
        }
        JsonNodeFactory make = JsonNodeFactory.instance;
        if (value == null) {
            return make.nullNode();
        }
        if (value instanceof ByteBuffer bytes) {
            return make.textNode(
                    StandardCharsets.ISO_8859_1.decode(bytes.duplicate()).toString());
        }
        if (value instanceof Instant time) {
            return make.numberNode(time.toEpochMilli());
        }
        if (value instanceof Boolean truth) {
            return make.booleanNode(truth);
        }
        if (value instanceof Number number) {
            return make.numberNode(new java.math.BigDecimal(number.toString()));
        }
        return make.textNode(value.toString());
    }

    /** Asserts that a record has the expected values in all fields that it still has. */
    static void assertHas(JsonNode expected, JsonNode actual, String at) {
        if (expected.isObject() && actual.isObject()) {
            expected.fields().forEachRemaining(field -> {
                if (actual.has(field.getKey())) {
                    assertHas(field.getValue(), actual.get(field.getKey()), at + "." + field.getKey());
                }
            });
        } else if (expected.isArray() && actual.isArray()) {
            assertEquals(expected.size(), actual.size(), at);
            for (int i = 0; i < expected.size(); i++) {
                assertHas(expected.get(i), actual.get(i), at + "." + i);
            }
        } else if (expected.isNumber() && actual.isNumber()) {
            assertEquals(0, expected.decimalValue().compareTo(actual.decimalValue()), at + ": " + actual);
        } else {
            assertEquals(expected, actual, at);
        }
    }
}
