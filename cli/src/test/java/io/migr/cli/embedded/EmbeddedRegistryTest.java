package io.migr.cli.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.migr.cli.EnvironmentException;
import io.migr.schemas.EmotionPrediction;
import io.migr.schemas.HttpSchemaRegistry;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedRegistryTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String ONE =
            "{\"type\":\"record\",\"name\":\"R\",\"fields\":[{\"name\":\"a\",\"type\":\"int\"}]}";
    private static final String TWO =
            "{\"type\":\"record\",\"name\":\"R\",\"fields\":[{\"name\":\"a\",\"type\":\"int\"},"
                    + "{\"name\":\"b\",\"type\":\"int\",\"default\":0}]}";
    private static final String BAD =
            "{\"type\":\"record\",\"name\":\"R\",\"fields\":[{\"name\":\"a\",\"type\":\"int\"},"
                    + "{\"name\":\"c\",\"type\":\"int\"}]}";

    private final HttpClient http = HttpClient.newHttpClient();

    @Test
    void keepsSchemasThroughARestartAndRefusesWhatBreaksReaders(@TempDir Path data) throws Exception {
        int id;
        int ours;
        try (EmbeddedKafka kafka = EmbeddedKafka.start(0, data);
                EmbeddedRegistry registry = EmbeddedRegistry.start(0, kafka.bootstrapServers())) {
            String url = registry.url();
            id = post(url + "/subjects/s[1]-value/versions".replace("[", "%5B").replace("]", "%5D"), ONE, 200)
                    .path("id")
                    .asInt();
            assertEquals(
                    id,
                    post(url + "/subjects/other/versions", ONE, 200).path("id").asInt(),
                    "same text, same id");
            assertTrue(post(url + "/subjects/other/versions?normalize=false", TWO, 200)
                            .path("id")
                            .asInt()
                    > id);
            assertEquals(
                    409,
                    post(url + "/subjects/other/versions", BAD, 409)
                            .path("error_code")
                            .asInt());
            assertEquals(
                    42201,
                    post(url + "/subjects/other/versions", "{\"type\":\"no\"}", 422)
                            .path("error_code")
                            .asInt());
            assertEquals(
                    40401,
                    get(url + "/subjects/none/versions/latest", 404)
                            .path("error_code")
                            .asInt());
            assertEquals(
                    40402,
                    get(url + "/subjects/other/versions/9", 404)
                            .path("error_code")
                            .asInt());
            assertEquals(
                    40403,
                    get(url + "/schemas/ids/999?fetchMaxId=false", 404)
                            .path("error_code")
                            .asInt());
            assertEquals(
                    40408, get(url + "/config/other", 404).path("error_code").asInt());
            assertEquals(
                    "BACKWARD_TRANSITIVE",
                    get(url + "/config", 200).path("compatibilityLevel").asText());
            send("PUT", url + "/config/other", "{\"compatibility\":\"BACKWARD\"}", 200);
            get(url + "/associations/resources/-/t?resourceType=topic", 404);
            ours = new HttpSchemaRegistry(url, null).register("p-value", EmotionPrediction.getClassSchema());
            EnvironmentException e = assertThrows(EnvironmentException.class, () -> EmbeddedRegistry.start(
                            URI.create(url).getPort(), kafka.bootstrapServers())
                    .close());
            assertTrue(e.getMessage().contains("is in use"), e.getMessage());
        }
        try (EmbeddedKafka kafka = EmbeddedKafka.start(0, data);
                EmbeddedRegistry registry = EmbeddedRegistry.start(0, kafka.bootstrapServers())) {
            String url = registry.url();
            assertEquals(2, get(url + "/subjects/other/versions", 200).size());
            assertEquals(
                    "BACKWARD",
                    get(url + "/config/other", 200).path("compatibilityLevel").asText());
            JsonNode latest = get(url + "/subjects/other/versions/latest", 200);
            assertEquals(
                    new Schema.Parser().parse(TWO),
                    new Schema.Parser().parse(latest.path("schema").asText()));
            assertEquals(
                    id,
                    post(url + "/subjects/s%5B1%5D-value?deleted=true", ONE, 200)
                            .path("id")
                            .asInt());
            Schema known = new HttpSchemaRegistry(url, null).byId(ours);
            assertEquals(EmotionPrediction.getClassSchema(), known);
            assertEquals(
                    1, send("DELETE", url + "/subjects/s%5B1%5D-value", "", 200).size());
            get(url + "/subjects/s%5B1%5D-value/versions", 404);
        }
    }

    private JsonNode post(String url, String schema, int status) throws IOException, InterruptedException {
        return send("POST", url, JSON.createObjectNode().put("schema", schema).toString(), status);
    }

    private JsonNode get(String url, int status) throws IOException, InterruptedException {
        return send("GET", url, "", status);
    }

    private JsonNode send(String method, String url, String body, int status) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url))
                .header("Accept", "text/html, image/gif, image/jpeg, */*; q=0.2")
                .method(method, HttpRequest.BodyPublishers.ofString(body))
                .build();
        HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
        assertEquals(status, response.statusCode(), response.body());
        return JSON.readTree(response.body());
    }
}
