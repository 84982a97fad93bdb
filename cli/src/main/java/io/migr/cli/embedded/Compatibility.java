package io.migr.cli.embedded;

import io.migr.cli.embedded.SchemaStore.Version;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.SchemaCompatibilityType;

/** Whether a schema may follow the versions of a subject, by the level that the subject has. */
final class Compatibility {
    /** Levels that a subject can have. */
    static final Set<String> LEVELS = Set.of(
            "NONE", "BACKWARD", "BACKWARD_TRANSITIVE", "FORWARD", "FORWARD_TRANSITIVE", "FULL", "FULL_TRANSITIVE");

    private Compatibility() {}

    /**
     * What speaks against a schema.
     *
     * @param versions oldest first; a level that is not transitive looks at the last alone
     * @return empty: nothing
     */
    static List<String> problems(Schema schema, List<Version> versions, String level) {
        int from = level.endsWith("_TRANSITIVE") ? 0 : Math.max(0, versions.size() - 1);
        boolean backward = level.startsWith("BACKWARD") || level.startsWith("FULL");
        boolean forward = level.startsWith("FORWARD") || level.startsWith("FULL");
        return versions.subList(from, versions.size()).stream()
                .flatMap(version -> {
                    Schema old = new Schema.Parser().parse(version.schema());
                    return Stream.of(
                            backward ? problem("version " + version.version(), schema, old) : null,
                            forward ? problem("readers of version " + version.version(), old, schema) : null);
                })
                .filter(Objects::nonNull)
                .toList();
    }

    private static String problem(String what, Schema reader, Schema writer) {
        var result = SchemaCompatibility.checkReaderWriterCompatibility(reader, writer);
        return result.getType() == SchemaCompatibilityType.COMPATIBLE
                ? null
                : what + ": " + result.getResult().getIncompatibilities();
    }
}
