package io.migr.schemas;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.avro.LogicalType;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.SchemaCompatibilityType;

/**
 * The released versions of one schema, oldest first, and the check of what may follow them. They are stored in
 * {@code src/test/resources/released/VERSION/NAME.avsc}, complete as in a registry, each with a record that was written
 * with it ({@code .bin}) and that record's values ({@code .json}). Files of a release are never changed.
 */
record SchemaHistory(String name, TreeMap<Integer, Schema> versions) {
    static final Path RELEASED = Path.of("src/test/resources/released");
    private static final ObjectMapper JSON = new ObjectMapper();

    /** The released versions of the schema with this simple name. */
    static SchemaHistory of(String name) throws IOException {
        TreeMap<Integer, Schema> versions = new TreeMap<>();
        for (int version = 1; Files.isDirectory(RELEASED.resolve(String.valueOf(version))); version++) {
            Path file = file(version, name, "avsc");
            if (Files.exists(file)) {
                versions.put(version, new Schema.Parser().parse(file.toFile()));
            }
        }
        return new SchemaHistory(name, versions);
    }

    static Path file(int version, String name, String ending) {
        return RELEASED.resolve(version + "/" + name + "." + ending);
    }

    /** What to do if a schema differs from the newest released version, doc strings apart; null if it does not. */
    String notKept(Schema current) {
        if (!versions.isEmpty()
                && withoutWords(current)
                        .equals(withoutWords(versions.lastEntry().getValue()))) {
            return null;
        }
        int next = versions.isEmpty() ? 1 : versions.lastKey() + 1;
        return "The schema of " + name + " differs from the newest released one"
                + (versions.isEmpty() ? ", there is none" : " (version " + versions.lastKey() + ")")
                + ". If the change is intended, release it:"
                + " mvn -pl schemas test -Dtest=SchemaEvolutionTest -Dkeep.schemas=true writes schemas/"
                + file(next, name, "avsc") + "; check and commit that file. Never edit a released file.";
    }

    private static JsonNode withoutWords(Schema schema) {
        try {
            JsonNode json = JSON.readTree(schema.toString());
            json.findParents("doc").forEach(parent -> {
                if (parent.path("doc").isTextual()) {
                    ((ObjectNode) parent).remove("doc");
                }
            });
            return json;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Reasons why a schema cannot be the next version; empty if there are none. */
    List<String> problems(Schema next) {
        List<String> problems = new ArrayList<>();
        named(next).values().stream()
                .filter(type -> type.getType() == Schema.Type.ENUM && type.getEnumDefault() == null)
                .map(type -> type.getName() + " has no default symbol for symbols of a later version")
                .forEach(problems::add);
        versions.forEach((version, kept) -> {
            var result = SchemaCompatibility.checkReaderWriterCompatibility(next, kept);
            if (result.getType() != SchemaCompatibilityType.COMPATIBLE) {
                problems.add("version " + version + " can't be read: "
                        + result.getResult().getIncompatibilities());
            }
            lostMeaning(next, kept).forEach(problem -> problems.add("version " + version + ": " + problem));
        });
        return problems;
    }

    /** Changes that Avro calls compatible although values would change their meaning. */
    private static List<String> lostMeaning(Schema next, Schema kept) {
        List<String> problems = new ArrayList<>();
        Map<String, Schema> types = named(next);
        named(kept).forEach((name, old) -> {
            Schema now = types.get(name);
            if (now == null || now.getType() != old.getType()) {
                return;
            }
            if (old.getType() == Schema.Type.ENUM) {
                old.getEnumSymbols().stream()
                        .filter(symbol -> !now.hasEnumSymbol(symbol))
                        .map(symbol -> now.getName() + " has lost " + symbol + ", which would be read as its default")
                        .forEach(problems::add);
            } else {
                for (Schema.Field field : now.getFields()) {
                    Schema.Field before = old.getField(field.name());
                    if (before != null && !unit(field.schema()).equals(unit(before.schema()))) {
                        problems.add(now.getName() + "." + field.name() + " was " + unit(before.schema()) + " and is "
                                + unit(field.schema()));
                    }
                }
            }
        });
        return problems;
    }

    private static String unit(Schema schema) {
        LogicalType type = schema.getLogicalType();
        return type == null ? "a plain value" : type.getName();
    }

    /** Records and enums within a schema, itself included, by full name. */
    static Map<String, Schema> named(Schema schema) {
        Map<String, Schema> found = new LinkedHashMap<>();
        collect(schema, found);
        return found;
    }

    private static void collect(Schema schema, Map<String, Schema> found) {
        switch (schema.getType()) {
            case RECORD -> {
                if (found.put(schema.getFullName(), schema) == null) {
                    schema.getFields().forEach(field -> collect(field.schema(), found));
                }
            }
            case ENUM -> found.put(schema.getFullName(), schema);
            case ARRAY -> collect(schema.getElementType(), found);
            case MAP -> collect(schema.getValueType(), found);
            case UNION -> schema.getTypes().forEach(type -> collect(type, found));
            case FIXED, STRING, BYTES, INT, LONG, FLOAT, DOUBLE, BOOLEAN, NULL -> {}
        }
    }
}
