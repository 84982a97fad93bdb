package io.migr.runtime.service;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.migr.runtime.config.Configuration;
import io.migr.runtime.config.Key;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/** Serves {@code /livez}, {@code /readyz} and {@code /metrics} over HTTP for the services of one process. */
public final class HealthServer implements AutoCloseable {
    private final HttpServer server;
    private final ExecutorService threads = Executors.newFixedThreadPool(2, task -> {
        Thread thread = new Thread(task, "health");
        thread.setDaemon(true);
        return thread;
    });

    /**
     * Starts listening.
     *
     * @param obstacle what else keeps the process from working, in words; empty: nothing
     * @throws IOException if the port is in use; the message names it
     */
    public HealthServer(
            Configuration configuration,
            PrometheusMeterRegistry metrics,
            List<Service> services,
            Supplier<Optional<String>> obstacle)
            throws IOException {
        String host = configuration.text(Key.HTTP_HOST);
        int port = configuration.number(Key.HTTP_PORT);
        try {
            server = HttpServer.create(new InetSocketAddress(host, port), 0);
        } catch (BindException e) {
            throw new IOException("Port " + port + " on " + host + " is in use. Choose another with --http-port.", e);
        }
        server.setExecutor(threads);
        server.createContext("/livez", exchange -> {
            List<String> failed = services.stream()
                    .filter(service -> service.failure() != null)
                    .map(service -> service.name() + ": " + service.failure().getMessage())
                    .toList();
            answer(exchange, failed.isEmpty() ? 200 : 503, failed.isEmpty() ? "live" : String.join("\n", failed));
        });
        server.createContext("/readyz", exchange -> {
            List<String> waiting = new ArrayList<>(services.stream()
                    .filter(service -> !service.ready())
                    .map(service -> "waiting for " + service.name())
                    .toList());
            obstacle.get().ifPresent(waiting::add);
            answer(exchange, waiting.isEmpty() ? 200 : 503, waiting.isEmpty() ? "ready" : String.join("\n", waiting));
        });
        server.createContext("/metrics", exchange -> answer(exchange, 200, metrics.scrape()));
        server.start();
    }

    private static void answer(HttpExchange exchange, int status, String text) throws IOException {
        byte[] bytes = (text + "\n").getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    /** The port it listens on: the configured one, or the one that was chosen if 0 is configured. */
    public int port() {
        return server.getAddress().getPort();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
