package io.migr.schemas;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.NameValidator;
import org.apache.avro.Schema;

/** A client for a schema registry with Confluent's REST API. It caches what it registers and reads. */
public final class HttpSchemaRegistry implements SchemaRegistryClient {
    private static final ObjectMapper JSON = new ObjectMapper();

    private record Registration(String subject, Schema schema) {}

    /** A schema, or why it cannot be used; one of them is null. */
    private record Known(Schema schema, String refusal) {}

    private final RegistryConnection connection;
    private final Map<Registration, Integer> ids = new ConcurrentHashMap<>();
    private final Map<Integer, Known> schemas = new ConcurrentHashMap<>();

    /** Creates a client, which connects with its first request. */
    public HttpSchemaRegistry(RegistryAccess access) {
        connection = new RegistryConnection(access);
    }

    /**
     * Creates a client, which connects with its first request.
     *
     * @param url e.g. {@code http://localhost:8081}
     * @param credentials {@code user:password} for basic authentication; null for none
     */
    public HttpSchemaRegistry(String url, String credentials) {
        this(
                credentials == null
                        ? RegistryAccess.to(url)
                        : RegistryAccess.to(url).withPassword(credentials));
    }

    /**
     * Registers a schema, or looks it up if schemas may not be registered.
     *
     * @throws SchemaRegistryException if the registry rejects the schema, or does not have it
     * @throws SchemaRegistryUnavailableException if the registry can't be reached; the call can be repeated
     */
    @Override
    public int register(String subject, Schema schema) {
        Registration registration = new Registration(subject, schema);
        Integer known = ids.get(registration);
        if (known == null) {
            String path = "/subjects/" + encoded(subject) + (connection.access().registers() ? "/versions" : "");
            String body =
                    JSON.createObjectNode().put("schema", schema.toString()).toString();
            known = connection.ask(path, body, "id").path("id").asInt();
            ids.put(registration, known);
        }
        return known;
    }

    /**
     * The schema with this id, with all that it refers to.
     *
     * @throws SchemaRegistryException if the registry does not have it, or it is not a valid Avro schema
     * @throws SchemaRegistryUnavailableException if the registry can't be reached; the call can be repeated
     */
    @Override
    public Schema byId(int id) {
        if (id < 0) {
            throw new SchemaRegistryException("No schema has the negative id " + id + ".");
        }
        Known known = schemas.get(id);
        if (known == null) {
            known = read(id);
            schemas.put(id, known);
        }
        if (known.refusal() != null) {
            throw new SchemaRegistryException(known.refusal());
        }
        return known.schema();
    }

    private Known read(int id) {
        JsonNode answer = connection.ask("/schemas/ids/" + id, null, "schema");
        String type = answer.path("schemaType").asText("AVRO");
        if (!type.equals("AVRO")) {
            return new Known(
                    null,
                    "Schema " + id + " is of the type " + type + ", but only Avro is read. Write records in Avro.");
        }
        Set<String> texts = new LinkedHashSet<>();
        addReferences(answer, texts, new HashSet<>());
        texts.add(answer.path("schema").asText());
        try {
            // a writer's names and defaults do not matter here, so they may be what other parsers allow
            Schema.Parser parser = new Schema.Parser(NameValidator.NO_VALIDATION).setValidateDefaults(false);
            Schema schema = null;
            for (String text : texts) {
                schema = parser.parse(text);
            }
            return new Known(schema, null);
        } catch (RuntimeException | StackOverflowError e) {
            // Avro throws almost any exception on invalid schemas
            return new Known(null, "Schema " + id + " is not a valid Avro schema: " + e.getMessage());
        }
    }

    /** Adds the texts of the schemas that one refers to, each after those that it refers to itself. */
    private void addReferences(JsonNode described, Set<String> texts, Set<String> seen) {
        for (JsonNode reference : described.path("references")) {
            String path = "/subjects/" + encoded(reference.path("subject").asText()) + "/versions/"
                    + reference.path("version").asInt() + "?deleted=true";
            if (seen.add(path)) {
                JsonNode referred = connection.ask(path, null, "schema");
                addReferences(referred, texts, seen);
                texts.add(referred.path("schema").asText());
            }
        }
    }

    private static String encoded(String subject) {
        // in a path a plus is a plus, not a space
        return URLEncoder.encode(subject, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** Why the registry does not answer at the moment; empty if it does, or if nobody asks it. */
    public Optional<String> problem() {
        return connection.problem();
    }

    /** How many requests had no answer. */
    public long failures() {
        return connection.failures();
    }
}
