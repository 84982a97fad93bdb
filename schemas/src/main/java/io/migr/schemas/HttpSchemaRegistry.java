package io.migr.schemas;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.Schema;

/** A client for a schema registry with Confluent's REST API. It caches what it registers and reads. */
public final class HttpSchemaRegistry implements SchemaRegistryClient {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String MEDIA_TYPE = "application/vnd.schemaregistry.v1+json";

    private record Registration(String subject, Schema schema) {}

    private final String url;
    private final String credentials;
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
    private final Map<Registration, Integer> ids = new ConcurrentHashMap<>();
    private final Map<Integer, Schema> schemas = new ConcurrentHashMap<>();

    /**
     * Creates a client, which connects with its first request.
     *
     * @param url e.g. {@code http://localhost:8081}
     * @param credentials {@code user:password} for basic authentication; null for none
     */
    public HttpSchemaRegistry(String url, String credentials) {
        this.url = url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
        this.credentials = credentials;
    }

    @Override
    public int register(String subject, Schema schema) {
        return ids.computeIfAbsent(new Registration(subject, schema), registration -> {
            String body =
                    JSON.createObjectNode().put("schema", schema.toString()).toString();
            String path = "/subjects/" + URLEncoder.encode(subject, StandardCharsets.UTF_8) + "/versions";
            HttpRequest.BodyPublisher publisher = HttpRequest.BodyPublishers.ofString(body);
            return send(path, request(path).POST(publisher)).path("id").asInt();
        });
    }

    @Override
    public Schema byId(int id) {
        return schemas.computeIfAbsent(id, wanted -> {
            String path = "/schemas/ids/" + wanted;
            return new Schema.Parser()
                    .parse(send(path, request(path).GET()).path("schema").asText());
        });
    }

    private HttpRequest.Builder request(String path) {
        HttpRequest.Builder builder = HttpRequest.newBuilder(URI.create(url + path))
                .timeout(Duration.ofSeconds(10))
                .header("Accept", MEDIA_TYPE)
                .header("Content-Type", MEDIA_TYPE);
        if (credentials != null) {
            String encoded = Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8));
            builder.header("Authorization", "Basic " + encoded);
        }
        return builder;
    }

    private JsonNode send(String path, HttpRequest.Builder request) {
        try {
            HttpResponse<String> response = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
            if (response.statusCode() >= 500) {
                throw new SchemaRegistryUnavailableException(
                        "The schema registry at " + url + " answered " + response.statusCode() + " to " + path + ": "
                                + message(response.body()),
                        null);
            }
            if (response.statusCode() != 200) {
                throw new SchemaRegistryException("The schema registry at " + url + " answered " + response.statusCode()
                        + " to " + path + ": " + message(response.body()));
            }
            return JSON.readTree(response.body());
        } catch (IOException e) {
            throw new SchemaRegistryUnavailableException(
                    "The schema registry at " + url + " can't be reached (" + e + "). Check schema.registry.url.", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SchemaRegistryUnavailableException(
                    "Interrupted while asking the schema registry at " + url + ".", e);
        }
    }

    private static String message(String body) {
        try {
            return JSON.readTree(body).path("message").asText(body);
        } catch (JsonProcessingException e) {
            return body;
        }
    }
}
