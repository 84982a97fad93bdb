package io.migr.embedded;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.migr.embedded.SchemaStore.Version;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;

/**
 * A schema registry on loopback that speaks Confluent's REST protocol for Avro. Its state is stored in the compacted
 * topic {@code _schemas}, so ids, versions and levels survive a restart. Unknown query parameters are ignored and no
 * media type is refused, because clients differ in both. Nothing is deleted permanently, because records still carry
 * the ids.
 */
public final class EmbeddedRegistry implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String MEDIA_TYPE = "application/vnd.schemaregistry.v1+json";
    /** The compatibility level of a subject for which none is set. */
    private static final String DEFAULT_LEVEL = "BACKWARD_TRANSITIVE";

    private final HttpServer server;
    private final SchemaStore store;
    private final ExecutorService threads = Executors.newFixedThreadPool(4, task -> {
        Thread thread = new Thread(task, "registry");
        thread.setDaemon(true);
        return thread;
    });

    private EmbeddedRegistry(HttpServer server, SchemaStore store) {
        this.server = server;
        this.store = store;
    }

    /**
     * Starts the registry on 127.0.0.1.
     *
     * @param port 0 for any free port
     * @throws EnvironmentException if the port is in use
     */
    public static EmbeddedRegistry start(int port, String bootstrapServers) {
        HttpServer server;
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        } catch (BindException e) {
            throw new EnvironmentException(
                    "Port " + port + " is in use, so the schema registry cannot listen on it. Stop what uses it, or"
                            + " choose another with --embedded-registry-port.",
                    e);
        } catch (IOException e) {
            throw new EnvironmentException("The schema registry cannot listen: " + e.getMessage(), e);
        }
        EmbeddedRegistry registry = new EmbeddedRegistry(server, new SchemaStore(bootstrapServers));
        server.setExecutor(registry.threads);
        server.createContext("/", registry::handle);
        server.start();
        return registry;
    }

    /** The base URL for clients. */
    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
        store.close();
    }

    private void handle(HttpExchange exchange) throws IOException {
        JsonNode answer;
        int status = 200;
        try {
            answer = answer(RegistryRequest.of(exchange));
        } catch (RegistryRefusal refusal) {
            status = refusal.status();
            answer = JSON.createObjectNode().put("error_code", refusal.code()).put("message", refusal.getMessage());
        } catch (IOException | IllegalArgumentException e) {
            status = 422;
            answer = JSON.createObjectNode().put("error_code", 42201).put("message", String.valueOf(e.getMessage()));
        } catch (RuntimeException e) {
            status = 500;
            answer = JSON.createObjectNode().put("error_code", 50001).put("message", String.valueOf(e.getMessage()));
        }
        byte[] bytes = JSON.writeValueAsBytes(answer);
        exchange.getResponseHeaders().set("Content-Type", MEDIA_TYPE);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private JsonNode answer(RegistryRequest request) throws RegistryRefusal {
        List<String> path = request.path();
        boolean deleted = request.isSet("deleted");
        return switch (request.route()) {
            case "GET " -> JSON.createObjectNode();
            case "GET subjects" -> array(store.subjects(deleted));
            case "GET subjects/*/versions" -> numbers(versions(path.get(1), deleted));
            case "GET subjects/*/versions/*" -> describe(version(path.get(1), path.get(3), deleted));
            case "GET subjects/*/versions/*/schema" ->
                parsed(version(path.get(1), path.get(3), deleted).schema());
            case "POST subjects/*" -> describe(find(path.get(1), schema(request.body()), deleted));
            case "POST subjects/*/versions" ->
                JSON.createObjectNode().put("id", register(path.get(1), schema(request.body())));
            case "DELETE subjects/*" -> numbers(deleteSubject(path.get(1), request.isSet("permanent")));
            case "DELETE subjects/*/versions/*" ->
                JsonNodeFactory.instance.numberNode(
                        deleteVersion(path.get(1), path.get(3), request.isSet("permanent")));
            case "GET schemas/ids/*" -> JSON.createObjectNode().put("schema", byId(path.get(2)));
            case "GET schemas/ids/*/schema" -> parsed(byId(path.get(2)));
            case "GET schemas/ids/*/subjects", "GET schemas/ids/*/versions" -> uses(path.get(2), path.get(3));
            case "GET schemas/types" -> array(List.of("AVRO"));
            case "GET config" -> level("", true);
            case "GET config/*" -> level(path.get(1), request.isSet("defaultToGlobal"));
            case "PUT config" -> setLevel("", request.body());
            case "PUT config/*" -> setLevel(path.get(1), request.body());
            case "DELETE config/*" -> deleteLevel(path.get(1));
            case "GET mode", "GET mode/*" -> JSON.createObjectNode().put("mode", "READWRITE");
            case "POST compatibility/subjects/*/versions", "POST compatibility/subjects/*/versions/*" ->
                checkCompatibility(request);
            default -> throw new RegistryRefusal(404, "HTTP 404 Not Found");
        };
    }

    private static ArrayNode array(List<String> values) {
        ArrayNode array = JsonNodeFactory.instance.arrayNode();
        values.forEach(array::add);
        return array;
    }

    private static ArrayNode numbers(List<Version> versions) {
        ArrayNode array = JsonNodeFactory.instance.arrayNode();
        versions.forEach(version -> array.add(version.version()));
        return array;
    }

    private static JsonNode parsed(String schema) {
        try {
            return JSON.readTree(schema);
        } catch (IOException e) {
            throw new IllegalStateException("A stored schema is not valid JSON.", e);
        }
    }

    private static ObjectNode describe(Version version) {
        return JSON.createObjectNode()
                .put("subject", version.subject())
                .put("version", version.version())
                .put("id", version.id())
                .put("schema", version.schema());
    }

    private JsonNode uses(String id, String what) throws RegistryRefusal {
        int wanted = number(id);
        byId(id);
        ArrayNode array = JsonNodeFactory.instance.arrayNode();
        for (String subject : store.subjects(false)) {
            for (Version version : store.versions(subject, false)) {
                if (version.id() == wanted) {
                    if (what.equals("subjects")) {
                        array.add(subject);
                    } else {
                        array.addObject().put("subject", subject).put("version", version.version());
                    }
                }
            }
        }
        return array;
    }

    private List<Version> versions(String subject, boolean deleted) throws RegistryRefusal {
        List<Version> versions = store.versions(subject, deleted);
        if (versions.isEmpty()) {
            throw new RegistryRefusal(40401, "Subject '" + subject + "' not found.");
        }
        return versions;
    }

    private Version version(String subject, String name, boolean deleted) throws RegistryRefusal {
        List<Version> versions = versions(subject, deleted);
        if (name.equals("latest") || name.equals("-1")) {
            return versions.get(versions.size() - 1);
        }
        int wanted = number(name);
        return versions.stream()
                .filter(version -> version.version() == wanted)
                .findFirst()
                .orElseThrow(() -> new RegistryRefusal(40402, "Version " + name + " not found."));
    }

    private static int number(String text) throws RegistryRefusal {
        if (!text.matches("\\d{1,9}")) {
            throw new RegistryRefusal(42202, "\"" + text + "\" is not a version number or schema id.");
        }
        return Integer.parseInt(text);
    }

    private String byId(String id) throws RegistryRefusal {
        String schema = store.schema(number(id));
        if (schema == null) {
            throw new RegistryRefusal(40403, "Schema " + id + " not found");
        }
        return schema;
    }

    private static Schema schema(JsonNode request) throws RegistryRefusal {
        String type = request.path("schemaType").asText("AVRO");
        if (!type.equals("AVRO")) {
            throw new RegistryRefusal(42201, "This registry accepts only Avro schemas, not " + type + ".");
        }
        try {
            return new Schema.Parser().parse(request.path("schema").asText());
        } catch (AvroRuntimeException e) {
            throw new RegistryRefusal(42201, "Invalid schema: " + e.getMessage());
        }
    }

    private Version find(String subject, Schema schema, boolean deleted) throws RegistryRefusal {
        return versions(subject, deleted).stream()
                .filter(version -> version.schema().equals(schema.toString()))
                .min(Comparator.comparing(Version::deleted))
                .orElseThrow(() -> new RegistryRefusal(40403, "Schema not found"));
    }

    private synchronized int register(String subject, Schema schema) throws RegistryRefusal {
        List<Version> versions = store.versions(subject, false);
        for (Version version : versions) {
            if (version.schema().equals(schema.toString())) {
                return version.id();
            }
        }
        List<String> problems = CompatibilityCheck.problems(schema, versions, effectiveLevel(subject));
        if (!problems.isEmpty()) {
            throw new RegistryRefusal(
                    409,
                    "Schema being registered is incompatible with an earlier schema for subject \"" + subject + "\": "
                            + String.join("; ", problems));
        }
        return store.add(subject, schema.toString()).id();
    }

    private synchronized List<Version> deleteSubject(String subject, boolean permanent) throws RegistryRefusal {
        refusePermanent(permanent);
        versions(subject, true);
        List<Version> live = store.versions(subject, false);
        if (live.isEmpty()) {
            throw new RegistryRefusal(40404, "Subject '" + subject + "' was already soft-deleted.");
        }
        live.forEach(store::delete);
        return live;
    }

    private synchronized int deleteVersion(String subject, String name, boolean permanent) throws RegistryRefusal {
        refusePermanent(permanent);
        Version version = version(subject, name, true);
        if (version.deleted()) {
            throw new RegistryRefusal(
                    40406, "Subject '" + subject + "' Version " + version.version() + " was already soft-deleted.");
        }
        store.delete(version);
        return version.version();
    }

    private static void refusePermanent(boolean permanent) throws RegistryRefusal {
        if (permanent) {
            throw new RegistryRefusal(
                    42205,
                    "This registry deletes nothing permanently, because records still carry the ids. Omit"
                            + " permanent=true to hide the subject or version.");
        }
    }

    private String effectiveLevel(String subject) {
        String own = store.level(subject);
        String all = store.level("");
        return own != null ? own : all != null ? all : DEFAULT_LEVEL;
    }

    private JsonNode checkCompatibility(RegistryRequest request) throws RegistryRefusal {
        String subject = request.path().get(2);
        Schema schema = schema(request.body());
        boolean all = request.path().size() == 4;
        boolean latest = !all && request.path().get(4).equals("latest");
        List<Version> known = store.versions(subject, false);
        // any schema is compatible with a subject that has no version yet
        List<Version> against = all || (latest && known.isEmpty())
                ? known
                : List.of(version(subject, request.path().get(4), false));
        List<String> problems = CompatibilityCheck.problems(schema, against, effectiveLevel(subject));
        ObjectNode answer = JSON.createObjectNode().put("is_compatible", problems.isEmpty());
        if (request.isSet("verbose")) {
            answer.set("messages", array(problems));
        }
        return answer;
    }

    private JsonNode level(String subject, boolean orGlobal) throws RegistryRefusal {
        String level = orGlobal ? effectiveLevel(subject) : store.level(subject);
        if (level == null) {
            throw new RegistryRefusal(
                    40408, "Subject '" + subject + "' does not have subject-level compatibility configured");
        }
        return JSON.createObjectNode().put("compatibilityLevel", level);
    }

    private JsonNode setLevel(String subject, JsonNode request) throws RegistryRefusal {
        String level = request.path("compatibility").asText();
        if (!CompatibilityCheck.LEVELS.contains(level)) {
            throw new RegistryRefusal(42203, "Invalid compatibility level \"" + level + "\".");
        }
        store.level(subject, level);
        return JSON.createObjectNode().put("compatibility", level);
    }

    private synchronized JsonNode deleteLevel(String subject) throws RegistryRefusal {
        String level = store.level(subject);
        if (level == null) {
            throw new RegistryRefusal(40401, "Subject '" + subject + "' has no compatibility level set.");
        }
        store.level(subject, null);
        return JSON.createObjectNode().put("compatibilityLevel", level);
    }
}
