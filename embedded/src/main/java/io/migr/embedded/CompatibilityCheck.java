package io.migr.embedded;

import io.migr.embedded.SchemaStore.Version;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.SchemaCompatibilityType;

/** Checks whether a schema may be added to a subject, according to the subject's compatibility level. */
final class CompatibilityCheck {
    /** The compatibility levels that a subject can have. */
    static final Set<String> LEVELS = Set.of(
            "NONE", "BACKWARD", "BACKWARD_TRANSITIVE", "FORWARD", "FORWARD_TRANSITIVE", "FULL", "FULL_TRANSITIVE");

    private CompatibilityCheck() {}

    /**
     * The incompatibilities of a schema with earlier versions.
     *
     * @param versions oldest first; a level that is not transitive compares with the last one only
     * @return one text for each incompatible version; empty if the schema may be added
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
