package io.migr.runtime.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigurationTest {
    @TempDir
    Path folder;

    @Test
    void flagsOverrideTheEnvironmentWhichOverridesTheFile() throws IOException {
        Path file = Files.writeString(
                folder.resolve("migr.properties"),
                "worker.batch.size=2\nworker.batch.wait.ms=3\nworker.queue.size=4\nkafka.security.protocol=SASL_SSL\n");
        Configuration configuration = Configuration.of(
                Map.of("worker.batch.size", "20"),
                Map.of("MIGR_WORKER_BATCH_SIZE", "10", "MIGR_WORKER_BATCH_WAIT_MS", "30", "HOME", "x"),
                file);
        assertEquals(20, configuration.number(Key.WORKER_BATCH_SIZE));
        assertEquals(30, configuration.number(Key.WORKER_BATCH_WAIT_MS));
        assertEquals(4, configuration.number(Key.WORKER_QUEUE_SIZE));
        assertEquals("migr.", configuration.text(Key.TOPIC_PREFIX));
        assertEquals("command line", configuration.source(Key.WORKER_BATCH_SIZE));
        assertEquals("default", configuration.source(Key.TOPIC_PREFIX));
        assertEquals("SASL_SSL", configuration.kafka().get("security.protocol"));
        assertEquals("127.0.0.1:9092", configuration.kafka().get("bootstrap.servers"));
    }

    @Test
    void whatTheTopicsCarryIsOneOfTwoWords() {
        assertFalse(Configuration.of(Map.of()).carriesMedia());
        assertTrue(Configuration.of(Map.of("features.carry", "media")).carriesMedia());
        ConfigurationException e =
                assertThrows(ConfigurationException.class, () -> Configuration.of(Map.of("features.carry", "faces")));
        assertTrue(e.getMessage().contains("features.carry must be media or cues, not \"faces\""), e.getMessage());
    }

    @Test
    void allProblemsAreReportedTogetherWithTheNearestKey() {
        ConfigurationException e = assertThrows(
                ConfigurationException.class,
                () -> Configuration.of(
                        Map.of("worker.batch.sise", "1", "topic.partitions", "0"),
                        Map.of("MIGR_HTTP_PORT", "eighty"),
                        folder.resolve("none")));
        assertTrue(e.getMessage().contains("3 problems"), e.getMessage());
        assertTrue(e.getMessage().contains("nearest is worker.batch.size"), e.getMessage());
        assertTrue(e.getMessage().contains("topic.partitions must be a whole number of at least 1, not \"0\""));
        assertTrue(e.getMessage()
                .contains("http.port must be a whole number of at least 0, not \"eighty\" (environment)"));
    }

    /** Kubernetes describes each service of a namespace to all its containers, by variables with the service's name. */
    @Test
    void variablesThatKubernetesInjectsAreIgnored() {
        Map<String, String> injected = Map.ofEntries(
                Map.entry("MIGR_SERVICE_HOST", "10.0.0.1"),
                Map.entry("MIGR_SERVICE_PORT", "8080"),
                Map.entry("MIGR_SERVICE_PORT_METRICS", "8090"),
                Map.entry("MIGR_PORT", "tcp://10.0.0.1:8080"),
                Map.entry("MIGR_PORT_8080_TCP", "tcp://10.0.0.1:8080"),
                Map.entry("MIGR_PORT_8080_TCP_PROTO", "tcp"),
                Map.entry("MIGR_PORT_8080_TCP_PORT", "8080"),
                Map.entry("MIGR_PORT_8080_TCP_ADDR", "10.0.0.1"),
                Map.entry("MIGR_PORT_53_UDP_ADDR", "10.0.0.1"),
                Map.entry("MIGR_WORKER_SERVICE_HOST", "10.0.0.2"),
                Map.entry("MIGR_HTTP_PORT", "tcp://10.0.0.3:8090"));
        Configuration configuration = Configuration.of(Map.of(), injected, folder.resolve("none"));
        assertEquals(8090, configuration.number(Key.HTTP_PORT));
        for (String misspelled :
                java.util.List.of("MIGR_PORT", "MIGR_HTTP_PORTS", "MIGR_SERVICE", "MIGR_WORKER_HOST")) {
            ConfigurationException e = assertThrows(
                    ConfigurationException.class,
                    () -> Configuration.of(Map.of(), Map.of(misspelled, "8080"), folder.resolve("none")));
            assertTrue(e.getMessage().contains("unknown key"), e.getMessage());
        }
    }
}
