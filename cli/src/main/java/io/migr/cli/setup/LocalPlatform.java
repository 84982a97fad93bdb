package io.migr.cli.setup;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.migr.embedded.EmbeddedKafka;
import io.migr.embedded.EmbeddedRegistry;
import io.migr.embedded.EnvironmentException;
import io.migr.runtime.config.Configuration;
import io.migr.runtime.config.Key;
import io.migr.runtime.kafka.KafkaClients;
import io.migr.runtime.service.Service;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Broker, registry, streams and worker in one process: what {@code up}, {@code demo} and {@code bench} run. */
public final class LocalPlatform implements AutoCloseable {
    private static final Duration READY = Duration.ofSeconds(60);

    private final EmbeddedKafka kafka;
    private final EmbeddedRegistry registry;
    private final Configuration configuration;
    private final KafkaClients clients;
    private final PrometheusMeterRegistry metrics = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private List<Service> services = List.of();

    private LocalPlatform(EmbeddedKafka kafka, EmbeddedRegistry registry, Configuration configuration) {
        this.kafka = kafka;
        this.registry = registry;
        this.configuration = configuration;
        clients = new KafkaClients(configuration);
        clients.bindTo(metrics);
    }

    /**
     * Starts broker and registry, creates the topics and registers their schemas.
     *
     * @param requested port 0 stands for any free port
     * @param data the broker's data folder
     * @throws EnvironmentException if something cannot start; nothing is left running
     */
    public static LocalPlatform start(Configuration requested, Path data) {
        EmbeddedKafka kafka = EmbeddedKafka.start(requested.number(Key.EMBEDDED_KAFKA_PORT), data);
        EmbeddedRegistry registry = null;
        try {
            registry = EmbeddedRegistry.start(requested.number(Key.EMBEDDED_REGISTRY_PORT), kafka.bootstrapServers());
            Path streams = InstallationFolders.streams(requested.with(Map.of(Key.DATA_FOLDER, data.toString())));
            Configuration configuration = requested.with(Map.of(
                    Key.KAFKA_BOOTSTRAP_SERVERS,
                    kafka.bootstrapServers(),
                    Key.SCHEMA_REGISTRY_URL,
                    registry.url(),
                    Key.SCHEMA_REGISTRY_REGISTER,
                    "on",
                    Key.STREAMS_FOLDER,
                    streams.toString()));
            LocalPlatform platform = new LocalPlatform(kafka, registry, configuration);
            platform.clients.ensureTopics();
            platform.clients.registerSchemas();
            return platform;
        } catch (RuntimeException e) {
            if (registry != null) {
                registry.close();
            }
            kafka.close();
            throw e;
        }
    }

    /** Starts streams and worker and waits until both are ready. */
    public void serve() throws InterruptedException {
        services = List.of(
                Services.streams(configuration, clients, metrics), Services.worker(configuration, clients, metrics));
        try {
            Services.start(services, READY);
        } catch (RuntimeException | InterruptedException e) {
            services = List.of();
            throw e;
        }
    }

    /** Stops streams and worker; the broker keeps running. */
    public void stopServices() {
        Services.stop(services);
        services = List.of();
    }

    /** The requested configuration with the addresses of this broker and registry. */
    public Configuration configuration() {
        return configuration;
    }

    public KafkaClients clients() {
        return clients;
    }

    public PrometheusMeterRegistry metrics() {
        return metrics;
    }

    public List<Service> services() {
        return services;
    }

    /** Why the broker or a service failed; null while none has. */
    public String failure() {
        if (kafka.failed()) {
            return "the embedded broker failed (was its data folder deleted?)";
        }
        return services.stream()
                .filter(service -> service.failure() != null)
                .map(service -> service.name() + ": " + service.failure().getMessage())
                .findFirst()
                .orElse(null);
    }

    @Override
    public void close() {
        Services.stop(services);
        registry.close();
        kafka.close();
    }
}
