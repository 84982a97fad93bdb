package io.migr.runtime.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.migr.runtime.config.Configuration;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class HealthServerTest {

    private static final class Switched implements Service {
        boolean ready;
        Throwable failure;

        @Override
        public String name() {
            return "switched";
        }

        @Override
        public void start() {}

        @Override
        public boolean ready() {
            return ready;
        }

        @Override
        public Throwable failure() {
            return failure;
        }

        @Override
        public void close() {}
    }

    @Test
    void reportsLivenessReadinessAndMetrics() throws Exception {
        Switched service = new Switched();
        PrometheusMeterRegistry metrics = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        metrics.counter("migr.clips").increment(3);
        AtomicReference<Optional<String>> obstacle = new AtomicReference<>(Optional.empty());
        try (HealthServer server = new HealthServer(
                Configuration.of(Map.of("http.port", "0")), metrics, List.of(service), obstacle::get)) {
            assertEquals(503, get(server, "/readyz").statusCode());
            service.ready = true;
            assertEquals(200, get(server, "/readyz").statusCode());
            obstacle.set(Optional.of("the registry is away"));
            HttpResponse<String> waiting = get(server, "/readyz");
            assertEquals(503, waiting.statusCode());
            assertTrue(waiting.body().contains("the registry is away"));
            assertEquals(200, get(server, "/livez").statusCode());
            assertTrue(get(server, "/metrics").body().contains("migr_clips_total 3.0"));
            service.failure = new IllegalStateException("the model went away");
            HttpResponse<String> dead = get(server, "/livez");
            assertEquals(503, dead.statusCode());
            assertTrue(dead.body().contains("the model went away"));
            Configuration taken = Configuration.of(Map.of("http.port", String.valueOf(server.port())));
            IOException e = assertThrows(
                    IOException.class, () -> new HealthServer(taken, metrics, List.of(), Optional::empty).close());
            assertTrue(e.getMessage().contains("is in use"), e.getMessage());
        }
    }

    private static HttpResponse<String> get(HealthServer server, String path) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path))
                .build();
        return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
    }
}
