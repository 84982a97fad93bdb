package io.migr.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;

/** Calls a registry and checks the status; its Accept header prefers anything to JSON, as some clients' does. */
final class RegistryCalls {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient http = HttpClient.newHttpClient();

    JsonNode post(String url, String schema, int status) throws IOException, InterruptedException {
        return send("POST", url, JSON.createObjectNode().put("schema", schema).toString(), status);
    }

    JsonNode get(String url, int status) throws IOException, InterruptedException {
        return send("GET", url, "", status);
    }

    JsonNode delete(String url, int status) throws IOException, InterruptedException {
        return send("DELETE", url, "", status);
    }

    /** Makes a call that must be refused; returns its error code. */
    int code(String method, String url, String body, int status) throws IOException, InterruptedException {
        JsonNode answer = send(method, url, body, status);
        assertEquals(false, answer.path("message").asText().isBlank(), "an error says what is wrong");
        return answer.path("error_code").asInt();
    }

    JsonNode send(String method, String url, String body, int status) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url))
                .header("Accept", "text/html, image/gif, image/jpeg, */*; q=0.2")
                .method(method, HttpRequest.BodyPublishers.ofString(body))
                .build();
        HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
        assertEquals(status, response.statusCode(), response.body());
        assertEquals(
                "application/vnd.schemaregistry.v1+json",
                response.headers().firstValue("Content-Type").orElse(""));
        return JSON.readTree(response.body());
    }
}
