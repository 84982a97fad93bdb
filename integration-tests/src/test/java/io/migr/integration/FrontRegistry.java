package io.migr.integration;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Stands in front of a schema registry: adds schemas that the other one does not take, and answers with errors for a
 * while. It asks for a token, and who has the one for readers may not register.
 */
final class FrontRegistry implements AutoCloseable {
    static final String READER = "reader";
    static final String WRITER = "writer";

    /** An answer to every request. */
    record Fault(int status, String body) {}

    private final String behind;
    private final HttpServer server;
    private final HttpClient http = HttpClient.newHttpClient();
    /** Answers of its own, by path. */
    private final Map<String, String> own = new ConcurrentHashMap<>();

    private final AtomicInteger faults = new AtomicInteger();
    private volatile Fault fault;

    FrontRegistry(String behind) throws IOException {
        this.behind = behind;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newCachedThreadPool(task -> {
            Thread thread = new Thread(task, "front");
            thread.setDaemon(true);
            return thread;
        }));
        server.createContext("/", this::handle);
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** Answers a path with a JSON object. */
    void answer(String path, String json) {
        own.put(path, json);
    }

    /** Answers every request with an error until it is set to null. */
    void fault(Fault next) {
        faults.set(0);
        fault = next;
    }

    /** How many requests were answered with the present error. */
    int faults() {
        return faults.get();
    }

    private void handle(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readAllBytes();
        Fault now = fault;
        if (now != null) {
            faults.incrementAndGet();
            send(exchange, now.status(), now.body());
            return;
        }
        String path = exchange.getRequestURI().toString();
        String token = String.valueOf(exchange.getRequestHeaders().getFirst("Authorization"));
        boolean registers = exchange.getRequestMethod().equals("POST") && path.endsWith("/versions");
        if (!token.equals("Bearer " + WRITER) && (registers || !token.equals("Bearer " + READER))) {
            send(exchange, 403, "{\"error_code\":40301,\"message\":\"This token may not do that.\"}");
        } else if (own.containsKey(exchange.getRequestURI().getPath())) {
            send(exchange, 200, own.get(exchange.getRequestURI().getPath()));
        } else {
            forward(exchange, path, body);
        }
    }

    private void forward(HttpExchange exchange, String path, byte[] body) throws IOException {
        try {
            HttpRequest request = HttpRequest.newBuilder(URI.create(behind + path))
                    .method(exchange.getRequestMethod(), BodyPublishers.ofByteArray(body))
                    .build();
            HttpResponse<String> response = http.send(request, BodyHandlers.ofString());
            send(exchange, response.statusCode(), response.body());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void send(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
