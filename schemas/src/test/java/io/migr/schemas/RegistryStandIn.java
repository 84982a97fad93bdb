package io.migr.schemas;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLContext;

/** A registry on loopback that gives prepared answers. */
final class RegistryStandIn implements AutoCloseable {
    /** An answer with its status. */
    record Answer(int status, String body) {}

    /** What is answered, by path without its query. */
    final Map<String, Answer> answers = new ConcurrentHashMap<>();
    /** What is answered before that, one after another. */
    final Deque<Answer> first = new ArrayDeque<>();
    /** Method, address and authorization of all requests. */
    final List<String> calls = Collections.synchronizedList(new ArrayList<>());

    private final HttpServer server;

    RegistryStandIn() throws IOException {
        this(HttpServer.create(loopback(), 0));
    }

    static RegistryStandIn secure(SSLContext context) throws IOException {
        HttpsServer server = HttpsServer.create(loopback(), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(context));
        return new RegistryStandIn(server);
    }

    private RegistryStandIn(HttpServer server) {
        this.server = server;
        server.createContext("/", this::answer);
        server.start();
    }

    private static InetSocketAddress loopback() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }

    private synchronized void answer(HttpExchange exchange) throws IOException {
        exchange.getRequestBody().readAllBytes();
        String authorization = exchange.getRequestHeaders().getFirst("Authorization");
        calls.add(exchange.getRequestMethod() + " " + exchange.getRequestURI()
                + (authorization == null ? "" : " " + authorization));
        Answer answer = first.isEmpty()
                ? answers.getOrDefault(
                        exchange.getRequestURI().getPath(),
                        new Answer(404, "{\"error_code\":40403,\"message\":\"Schema not found\"}"))
                : first.remove();
        byte[] bytes = answer.body().getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(answer.status(), bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    /** Gives a schema to an id; {@code references}: name, subject and version of each, with colons between them. */
    void schema(int id, String type, String text, String... references) {
        answers.put("/schemas/ids/" + id, new Answer(200, described(type, text, references)));
    }

    /** Gives a schema to the first version of a subject. */
    void subject(String subject, String text, String... references) {
        answers.put("/subjects/" + subject + "/versions/1", new Answer(200, described(null, text, references)));
    }

    private static String described(String type, String text, String... references) {
        ObjectNode node = JsonNodeFactory.instance.objectNode().put("schema", text);
        if (type != null) {
            node.put("schemaType", type);
        }
        for (String reference : references) {
            String[] parts = reference.split(":");
            node.withArray("references")
                    .addObject()
                    .put("name", parts[0])
                    .put("subject", parts[1])
                    .put("version", Integer.parseInt(parts[2]));
        }
        return node.toString();
    }

    int port() {
        return server.getAddress().getPort();
    }

    String url() {
        return "http://127.0.0.1:" + port();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
