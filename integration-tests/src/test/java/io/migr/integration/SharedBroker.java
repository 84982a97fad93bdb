package io.migr.integration;

import io.migr.embedded.BrokerSettings;
import io.migr.embedded.EmbeddedKafka;
import io.migr.embedded.EmbeddedRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.kafka.KafkaContainer;

/**
 * Gives tests the shared {@link Broker}. {@code -Dkafka.backend} is {@code embedded}, {@code container} (apache/kafka)
 * or {@code auto}, which uses the container if a Docker engine is available. Both run with {@link BrokerSettings}.
 */
final class SharedBroker implements ParameterResolver {
    private static final String IMAGE = "apache/kafka:4.3.1";

    /** Broker and registry, which run until the last test has ended. */
    private record Running(Broker broker, AutoCloseable kafka, AutoCloseable registry) implements AutoCloseable {
        @Override
        public void close() throws Exception {
            registry.close();
            kafka.close();
        }
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == Broker.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return context.getRoot()
                .getStore(Namespace.create(SharedBroker.class))
                .getOrComputeIfAbsent("broker", key -> start(), Running.class)
                .broker();
    }

    private static Running start() {
        String backend = System.getProperty("kafka.backend", "auto");
        boolean container =
                switch (backend) {
                    case "embedded" -> false;
                    case "container" -> true;
                    case "auto" -> DockerClientFactory.instance().isDockerAvailable();
                    default ->
                        throw new IllegalArgumentException(
                                "-Dkafka.backend must be auto, embedded or container, not " + backend + ".");
                };
        return container ? container() : embedded();
    }

    private static Running embedded() {
        try {
            Path folder = Files.createTempDirectory(Files.createDirectories(Path.of("target")), "kafka");
            EmbeddedKafka kafka = EmbeddedKafka.start(0, folder);
            EmbeddedRegistry registry = EmbeddedRegistry.start(0, kafka.bootstrapServers());
            return new Running(new Broker(kafka.bootstrapServers(), registry.url()), kafka, registry);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Running container() {
        KafkaContainer kafka = new KafkaContainer(IMAGE);
        BrokerSettings.single()
                .forEach((name, value) ->
                        kafka.withEnv("KAFKA_" + name.replace('.', '_').toUpperCase(Locale.ROOT), value));
        kafka.start();
        EmbeddedRegistry registry = EmbeddedRegistry.start(0, kafka.getBootstrapServers());
        return new Running(new Broker(kafka.getBootstrapServers(), registry.url()), kafka, registry);
    }
}
