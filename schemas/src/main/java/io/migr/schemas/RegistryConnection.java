package io.migr.schemas;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks a schema registry, and tells answers about a schema from all others. Only the former are final:
 *
 * <ol>
 *   <li>The registry has no such schema or subject (404 with one of its own error codes), or rejects the schema (409,
 *       422): {@link SchemaRegistryException}.
 *   <li>Everything else, such as no answer, 401, 403, 408, 429, 5xx, or a page of a proxy, says nothing about the schema.
 *       The next address is asked, and after the last one the first again, after a pause that doubles. When the patience
 *       is over: {@link SchemaRegistryUnavailableException}.
 * </ol>
 */
final class RegistryConnection {
    private static final Logger LOG = LoggerFactory.getLogger(RegistryConnection.class);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String MEDIA_TYPE = "application/vnd.schemaregistry.v1+json";
    private static final Duration CONNECT = Duration.ofSeconds(4);
    private static final Duration ANSWER = Duration.ofSeconds(4);
    private static final long FIRST_PAUSE_MS = 100;
    private static final long LONGEST_PAUSE_MS = 2_000;
    /** Whoever still needs the registry repeats its request sooner than that. */
    private static final long REMEMBERED_NS = Duration.ofSeconds(30).toNanos();

    private static final int LONGEST_TEXT = 200;
    /** The error code of a subject, or a registry, that may only be read. */
    private static final int READ_ONLY = 42205;

    private final RegistryAccess access;
    private final HttpClient http;
    private final AtomicLong failures = new AtomicLong();
    private volatile int address;
    private volatile Problem problem;

    /** Why the last request failed, and when. */
    private record Problem(String text, long at) {}

    /** A failed attempt, which says nothing about a schema. */
    private static final class NoAnswer extends Exception {
        private static final long serialVersionUID = 1L;

        NoAnswer(String message, Throwable cause) {
            super(message, cause);
        }
    }

    RegistryConnection(RegistryAccess access) {
        this.access = access;
        HttpClient.Builder builder =
                HttpClient.newBuilder().connectTimeout(CONNECT).version(HttpClient.Version.HTTP_1_1);
        if (access.trusted() != null) {
            builder.sslContext(access.trusted());
        }
        http = builder.build();
    }

    /**
     * Sends a request until it is answered.
     *
     * @param body null: GET, otherwise POST
     * @param field what the answer must have
     */
    JsonNode ask(String path, String body, String field) {
        long deadline = System.nanoTime() + access.patience().toNanos();
        long pause = FIRST_PAUSE_MS;
        try {
            for (int attempt = 1; ; attempt++) {
                int asked = address;
                try {
                    JsonNode answer = once(access.urls().get(asked), path, body, field);
                    answered();
                    return answer;
                } catch (NoAnswer e) {
                    failed(e);
                    address = (asked + 1) % access.urls().size();
                    boolean all = attempt % access.urls().size() == 0;
                    if (System.nanoTime() + (all ? pause * 1_000_000 : 0) > deadline) {
                        throw new SchemaRegistryUnavailableException(e.getMessage(), e);
                    }
                    if (all) {
                        Thread.sleep(pause);
                        pause = Math.min(2 * pause, LONGEST_PAUSE_MS);
                    }
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SchemaRegistryUnavailableException("Interrupted while asking the schema registry.", e);
        }
    }

    private JsonNode once(URI url, String path, String body, String field) throws NoAnswer, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url + path))
                .timeout(ANSWER)
                .header("Accept", MEDIA_TYPE + ", application/json")
                .header("Content-Type", MEDIA_TYPE);
        if (access.authorization() != null) {
            request.header("Authorization", access.authorization());
        }
        HttpResponse<String> response;
        try {
            response = http.send(
                    (body == null ? request.GET() : request.POST(BodyPublishers.ofString(body))).build(),
                    HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new NoAnswer(
                    "The schema registry at " + url + " can't be reached (" + e + "). Check schema.registry.url.", e);
        }
        JsonNode answer = json(response.body());
        String said = "The schema registry at " + url + " answered " + response.statusCode() + " to " + path + ": "
                + answer.path("message").asText(start(response.body()));
        if (isAboutTheSchema(
                response.statusCode(),
                answer.path("error_code").asInt(),
                answer.path("message").isTextual())) {
            answered();
            throw new SchemaRegistryException(said);
        }
        if (response.statusCode() != 200 || !answer.has(field)) {
            throw new NoAnswer(said + hint(response.statusCode(), answer), null);
        }
        return answer;
    }

    private static boolean isAboutTheSchema(int status, int code, boolean explained) {
        return switch (status) {
            case 404 -> code / 100 == 404;
            case 409, 422 -> explained && code != READ_ONLY;
            default -> false;
        };
    }

    private static String hint(int status, JsonNode answer) {
        if (status == 401 || status == 403 || answer.path("error_code").asInt() == READ_ONLY) {
            return ". Check the credentials; if they may only read schemas, set schema.registry.register=off.";
        }
        return status == 200 || status == 404
                ? ". That is not the answer of a schema registry: check schema.registry.url."
                : "";
    }

    private static JsonNode json(String body) {
        try {
            JsonNode answer = JSON.readTree(body);
            return answer == null ? MissingNode.getInstance() : answer;
        } catch (JsonProcessingException e) {
            return MissingNode.getInstance();
        }
    }

    private static String start(String body) {
        String line = body.strip().replaceAll("\\s+", " ");
        return line.length() <= LONGEST_TEXT ? line : line.substring(0, LONGEST_TEXT) + " ...";
    }

    private void answered() {
        if (problem != null) {
            problem = null;
            LOG.info("The schema registry answers again.");
        }
    }

    private void failed(NoAnswer e) {
        failures.incrementAndGet();
        if (problem == null) {
            LOG.warn("{} It is asked again until it answers.", e.getMessage());
        }
        problem = new Problem(e.getMessage(), System.nanoTime());
    }

    /** Why the registry does not answer at the moment; empty if it does, or if nobody asks it. */
    Optional<String> problem() {
        Problem last = problem;
        return last == null || System.nanoTime() - last.at() > REMEMBERED_NS
                ? Optional.empty()
                : Optional.of(last.text());
    }

    /** How many requests had no answer. */
    long failures() {
        return failures.get();
    }

    RegistryAccess access() {
        return access;
    }
}
