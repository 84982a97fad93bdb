package io.migr.runtime.models;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.migr.runtime.models.ArtifactStore.Artifact;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests against an HTTP server of the JDK that answers the two requests of S3's protocol the store sends. */
class S3StoreTest {
    private static final Map<String, String> CREDENTIALS =
            Map.of("aws.accessKeyId", "test", "aws.secretAccessKey", "test");

    @TempDir
    Path folder;

    private final Map<String, byte[]> objects = new ConcurrentSkipListMap<>();
    private HttpServer server;
    private Path model;
    private S3Store store;
    private int refusal;

    @BeforeEach
    void start() throws IOException {
        CREDENTIALS.forEach(System::setProperty);
        model = Files.createDirectory(folder.resolve("model"));
        Files.writeString(model.resolve("config.json"), "{}");
        Files.writeString(model.resolve("model.safetensors"), "weights");
        Files.writeString(model.resolve("tokenizer.json"), "words");
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
        String endpoint = "http://127.0.0.1:" + server.getAddress().getPort();
        store = S3Store.open("s3://bucket/models", endpoint, "us-east-1", folder.resolve("fetched"));
    }

    @AfterEach
    void stop() {
        server.stop(0);
        CREDENTIALS.keySet().forEach(System::clearProperty);
    }

    private void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        byte[] body = exchange.getRequestBody().readAllBytes();
        byte[] answer = new byte[0];
        int status = 200;
        if (refusal != 0) {
            status = refusal;
            answer = error("AccessDenied");
        } else if (exchange.getRequestMethod().equals("PUT")) {
            objects.put(path, body);
        } else if (objects.containsKey(path)) {
            answer = objects.get(path);
        } else {
            status = 404;
            answer = error("NoSuchKey");
        }
        exchange.sendResponseHeaders(status, answer.length == 0 ? -1 : answer.length);
        exchange.getResponseBody().write(answer);
        exchange.close();
    }

    private static byte[] error(String code) {
        return ("<Error><Code>" + code + "</Code><Message>" + code + "</Message></Error>")
                .getBytes(StandardCharsets.UTF_8);
    }

    private String refusal(String sha256) {
        return assertThrows(ArtifactException.class, () -> store.fetch(sha256)).getMessage();
    }

    @Test
    void aStoredModelIsFetchedByItsHashAndThenCached() throws IOException {
        Artifact artifact = store.put(model);
        String key = "/bucket/models/" + artifact.sha256();
        assertEquals("s3:/" + key + "/", artifact.uri());
        Map<String, byte[]> expected = new TreeMap<>();
        ModelFiles.NAMES.forEach(name -> expected.put(key + "/" + name, new byte[0]));
        assertEquals(expected.keySet(), objects.keySet());
        assertEquals("weights", new String(objects.get(key + "/model.safetensors"), StandardCharsets.UTF_8));
        assertEquals("words", Files.readString(store.fetch(artifact.sha256()).resolve("tokenizer.json")));
        objects.clear();
        assertEquals("words", Files.readString(store.fetch(artifact.sha256()).resolve("tokenizer.json")));
    }

    @Test
    void aFailedFetchSaysWhyAndLeavesNoFiles() throws IOException {
        String sha256 = store.put(model).sha256();
        String key = "/bucket/models/" + sha256 + "/tokenizer.json";
        objects.put(key, new byte[] {1});
        assertTrue(refusal(sha256).contains("is damaged: the SHA-256 of its files is"), refusal(sha256));
        objects.remove(key);
        assertTrue(refusal(sha256).contains("has no artifact " + sha256 + ", or not all of it"), refusal(sha256));
        refusal = 403;
        assertTrue(refusal(sha256).contains("cannot be fetched: AccessDenied"), refusal(sha256));
        assertTrue(assertThrows(ArtifactException.class, () -> store.put(model))
                .getMessage()
                .contains("s3://bucket/models/ cannot store "));
        server.stop(0);
        assertTrue(refusal(sha256).contains("cannot be fetched: "), refusal(sha256));
        try (var files = Files.list(folder.resolve("fetched"))) {
            assertEquals(0, files.count());
        }
    }
}
