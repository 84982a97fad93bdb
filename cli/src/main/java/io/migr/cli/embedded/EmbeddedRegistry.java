package io.migr.cli.embedded;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.migr.cli.EnvironmentException;
import io.migr.cli.embedded.SchemaStore.Version;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.SchemaCompatibilityType;
import org.apache.avro.SchemaParseException;

/**
 * A schema registry that speaks Confluent's REST protocol for Avro, on loopback. What it knows is in the compacted
 * topic {@code _schemas}, so a restart keeps ids, versions and levels. Unknown query parameters are ignored and no
 * media type is refused: clients differ in both.
 */
public final class EmbeddedRegistry implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String MEDIA_TYPE = "application/vnd.schemaregistry.v1+json";
    /** The level of subjects that have none of their own. */
    private static final String DEFAULT_LEVEL = "BACKWARD_TRANSITIVE";

    private static final int LARGEST_BODY = 1 << 20;

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
     * Starts on 127.0.0.1.
     *
     * @param port 0: any free port
     * @throws EnvironmentException when the port is in use
     */
    public static EmbeddedRegistry start(int port, String bootstrapServers) {
        HttpServer server;
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        } catch (BindException e) {
            throw new EnvironmentException(
                    "Port " + port + " is in use, so the schema registry cannot listen there. Stop what does, or choose"
                            + " another with --embedded-registry-port.",
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

    /** Where clients find it. */
    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
        store.close();
    }

    /** An answer that is an error, with Confluent's numbers. */
    private static final class Refusal extends Exception {
        private static final long serialVersionUID = 1L;
        private final int code;

        Refusal(int code, String message) {
            super(message);
            this.code = code;
        }

        int status() {
            return code >= 1000 ? code / 100 : code;
        }
    }

    private void handle(HttpExchange exchange) throws IOException {
        JsonNode answer;
        int status = 200;
        try {
            String[] path = Arrays.stream(
                            exchange.getRequestURI().getRawPath().substring(1).split("/"))
                    .map(part -> URLDecoder.decode(part.replace("+", "%2B"), StandardCharsets.UTF_8))
                    .toArray(String[]::new);
            byte[] body = exchange.getRequestBody().readNBytes(LARGEST_BODY);
            JsonNode request = body.length == 0 ? JSON.createObjectNode() : JSON.readTree(body);
            answer = answer(exchange.getRequestMethod(), path, request);
        } catch (Refusal refusal) {
            status = refusal.status();
            answer = JSON.createObjectNode().put("error_code", refusal.code).put("message", refusal.getMessage());
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

    private JsonNode answer(String method, String[] path, JsonNode request) throws Refusal {
        String route = method + " " + path[0] + "/" + path.length;
        return switch (route) {
            case "GET /1" -> JSON.createObjectNode();
            case "GET subjects/1" -> array(store.subjects());
            case "GET subjects/3" ->
                numbers(live(path[1]).stream().mapToInt(Version::version).toArray());
            case "GET subjects/4" -> describe(version(path[1], path[3]));
            case "GET subjects/5" -> parsed(version(path[1], path[3]).schema());
            case "POST subjects/2" -> describe(find(path[1], schema(request)));
            case "POST subjects/3" -> JSON.createObjectNode().put("id", register(path[1], schema(request)));
            case "DELETE subjects/2" -> {
                live(path[1]);
                yield numbers(store.delete(path[1]).stream()
                        .mapToInt(Integer::intValue)
                        .toArray());
            }
            case "GET schemas/3" -> JSON.createObjectNode().put("schema", byId(path[2]));
            case "GET schemas/4" -> path[3].equals("schema") ? parsed(byId(path[2])) : uses(path[2], path[3]);
            case "GET schemas/2" -> array(List.of("AVRO"));
            case "GET config/1" -> level(store.level(""), "");
            case "GET config/2" -> level(store.level(path[1]), path[1]);
            case "PUT config/1" -> setLevel("", request);
            case "PUT config/2" -> setLevel(path[1], request);
            case "GET mode/1", "GET mode/2" -> JSON.createObjectNode().put("mode", "READWRITE");
            case "POST compatibility/4", "POST compatibility/5" -> compatible(path, schema(request));
            default -> throw new Refusal(404, "HTTP 404 Not Found");
        };
    }

    private static ArrayNode array(List<String> values) {
        ArrayNode array = JsonNodeFactory.instance.arrayNode();
        values.forEach(array::add);
        return array;
    }

    private static ArrayNode numbers(int[] values) {
        ArrayNode array = JsonNodeFactory.instance.arrayNode();
        Arrays.stream(values).forEach(array::add);
        return array;
    }

    private static JsonNode parsed(String schema) {
        try {
            return JSON.readTree(schema);
        } catch (IOException e) {
            throw new IllegalStateException("A stored schema is no JSON.", e);
        }
    }

    private static ObjectNode describe(Version version) {
        return JSON.createObjectNode()
                .put("subject", version.subject())
                .put("version", version.version())
                .put("id", version.id())
                .put("schema", version.schema());
    }

    private JsonNode uses(String id, String what) throws Refusal {
        int wanted = number(id);
        byId(id);
        ArrayNode array = JsonNodeFactory.instance.arrayNode();
        for (String subject : store.subjects()) {
            for (Version version : store.versions(subject)) {
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

    private List<Version> live(String subject) throws Refusal {
        List<Version> versions = store.versions(subject);
        if (versions.isEmpty()) {
            throw new Refusal(40401, "Subject '" + subject + "' not found.");
        }
        return versions;
    }

    private Version version(String subject, String name) throws Refusal {
        List<Version> versions = live(subject);
        if (name.equals("latest") || name.equals("-1")) {
            return versions.get(versions.size() - 1);
        }
        int wanted = number(name);
        return versions.stream()
                .filter(version -> version.version() == wanted)
                .findFirst()
                .orElseThrow(() -> new Refusal(40402, "Version " + name + " not found."));
    }

    private static int number(String text) throws Refusal {
        if (!text.matches("\\d{1,9}")) {
            throw new Refusal(42202, "\"" + text + "\" is no number of a version or schema.");
        }
        return Integer.parseInt(text);
    }

    private String byId(String id) throws Refusal {
        String schema = store.schema(number(id));
        if (schema == null) {
            throw new Refusal(40403, "Schema " + id + " not found");
        }
        return schema;
    }

    private static Schema schema(JsonNode request) throws Refusal {
        String type = request.path("schemaType").asText("AVRO");
        if (!type.equals("AVRO")) {
            throw new Refusal(42201, "This registry keeps Avro schemas only, not " + type + ".");
        }
        try {
            return new Schema.Parser().parse(request.path("schema").asText());
        } catch (SchemaParseException e) {
            throw new Refusal(42201, "Invalid schema: " + e.getMessage());
        }
    }

    private Version find(String subject, Schema schema) throws Refusal {
        return live(subject).stream()
                .filter(version -> version.schema().equals(schema.toString()))
                .findFirst()
                .orElseThrow(() -> new Refusal(40403, "Schema not found"));
    }

    private synchronized int register(String subject, Schema schema) throws Refusal {
        List<Version> versions = store.versions(subject);
        for (Version version : versions) {
            if (version.schema().equals(schema.toString())) {
                return version.id();
            }
        }
        String problem = incompatibility(schema, versions, effectiveLevel(subject));
        if (problem != null) {
            throw new Refusal(
                    409,
                    "Schema being registered is incompatible with an earlier schema for subject \"" + subject + "\": "
                            + problem);
        }
        return store.add(subject, schema.toString()).id();
    }

    private String effectiveLevel(String subject) {
        String own = store.level(subject);
        String all = store.level("");
        return own != null ? own : all != null ? all : DEFAULT_LEVEL;
    }

    /** What speaks against a schema after these versions; null: nothing. */
    private static String incompatibility(Schema schema, List<Version> versions, String level) {
        int from = level.endsWith("_TRANSITIVE") ? 0 : Math.max(0, versions.size() - 1);
        boolean backward = level.startsWith("BACKWARD") || level.startsWith("FULL");
        boolean forward = level.startsWith("FORWARD") || level.startsWith("FULL");
        return IntStream.range(from, versions.size())
                .mapToObj(i -> {
                    Schema old = new Schema.Parser().parse(versions.get(i).schema());
                    String problem = backward ? problem(schema, old) : null;
                    return problem == null && forward ? problem(old, schema) : problem;
                })
                .filter(problem -> problem != null)
                .findFirst()
                .orElse(null);
    }

    private static String problem(Schema reader, Schema writer) {
        var result = SchemaCompatibility.checkReaderWriterCompatibility(reader, writer);
        return result.getType() == SchemaCompatibilityType.COMPATIBLE
                ? null
                : result.getResult().getIncompatibilities().toString();
    }

    private JsonNode compatible(String[] path, Schema schema) throws Refusal {
        List<Version> against = path.length == 5 ? List.of(version(path[2], path[4])) : live(path[2]);
        boolean fits = incompatibility(schema, against, effectiveLevel(path[2])) == null;
        return JSON.createObjectNode().put("is_compatible", fits);
    }

    private static JsonNode level(String level, String subject) throws Refusal {
        if (level == null && !subject.isEmpty()) {
            throw new Refusal(40408, "Subject '" + subject + "' does not have subject-level compatibility configured");
        }
        return JSON.createObjectNode().put("compatibilityLevel", level == null ? DEFAULT_LEVEL : level);
    }

    private JsonNode setLevel(String subject, JsonNode request) throws Refusal {
        String level = request.path("compatibility").asText();
        if (!SchemaStore.LEVELS.contains(level)) {
            throw new Refusal(42203, "Invalid compatibility level \"" + level + "\".");
        }
        store.level(subject, level);
        return JSON.createObjectNode().put("compatibility", level);
    }
}
