package io.migr.integration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.migr.embedded.BrokerSettings;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Checks {@code docker-compose.yml} without Docker: runs each migr service with the command, the environment and the
 * health check of its container; only hosts, ports and folders differ.
 */
@Tag("slow")
@ExtendWith(SharedBroker.class)
class ComposeTest {
    private static final Path FILE = Path.of("").toAbsolutePath().resolveSibling("docker-compose.yml");
    private static final String PORT = "8090";
    private static final String FOLDER = "/var/lib/migr";

    @TempDir
    Path folder;

    private static JsonNode services() throws Exception {
        // YAMLMapper does not resolve merge keys
        JsonNode file = new YAMLMapper().readTree(FILE.toFile());
        return file.path("services");
    }

    private static JsonNode common() throws Exception {
        return new YAMLMapper().readTree(FILE.toFile()).path("x-migr");
    }

    static Stream<String> ours() throws Exception {
        return services().properties().stream()
                .filter(service ->
                        service.getValue().path("command").path(0).asText().equals("serve"))
                .map(Map.Entry::getKey);
    }

    /** The services that start without a profile. */
    static Stream<String> usual() throws Exception {
        JsonNode services = services();
        return ours().filter(service -> services.path(service).path("profiles").isEmpty());
    }

    @Test
    void everyServiceIsDefined() throws Exception {
        assertEquals(List.of("streams", "worker", "worker-cuda", "trainer"), ours().toList());
        for (String service : ours().toList()) {
            JsonNode one = services().path(service);
            assertTrue(one.path("mem_limit").asText().endsWith("g"), service + " has no memory limit");
            assertTrue(
                    Files.readString(FILE).contains("  " + service + ":\n    <<: *migr\n"),
                    service + " does not merge the common settings");
            String target = one.path("build")
                    .path("target")
                    .asText(common().path("build").path("target").asText());
            assertTrue(
                    Files.readString(FILE.resolveSibling("Dockerfile")).contains(" AS " + target + "\n"),
                    "the Dockerfile has no target " + target);
        }
    }

    @Test
    void theBrokerHasTheSettingsOfTheEmbeddedOne() throws Exception {
        JsonNode environment = services().path("kafka").path("environment");
        BrokerSettings.single().forEach((name, value) -> {
            // settings that only save memory keep Kafka's defaults
            if (!name.endsWith("num.partitions") && !name.equals("log.cleaner.dedupe.buffer.size")) {
                String variable = "KAFKA_" + name.replace('.', '_').toUpperCase(Locale.ROOT);
                assertEquals(value, environment.path(variable).asText(), variable);
            }
        });
    }

    @ParameterizedTest
    @MethodSource("usual")
    void startsAndBecomesHealthyAsInItsContainer(String service, Broker broker) throws Exception {
        int port = freePort();
        List<String> command = new ArrayList<>(ServiceProcess.java("-Xmx700m"));
        services().path(service).path("command").forEach(word -> command.add(word.asText()));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().keySet().removeIf(name -> name.startsWith("MIGR_"));
        builder.environment().putAll(environment(broker, port));
        Path log = folder.resolve("log");
        Process process =
                builder.redirectErrorStream(true).redirectOutput(log.toFile()).start();
        try {
            List<String> check = new ArrayList<>();
            common().path("healthcheck")
                    .path("test")
                    .forEach(word -> check.add(word.asText().replace(PORT, String.valueOf(port))));
            assertEquals("CMD", check.remove(0));
            assertTrue(run(check) != 0, "the health check must fail before the service is ready");
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(90);
            while (run(check) != 0) {
                assertTrue(process.isAlive() && System.nanoTime() < deadline, () -> read(log));
                Thread.sleep(200);
            }
        } finally {
            process.destroy();
            assertTrue(process.waitFor(30, TimeUnit.SECONDS), "the service did not stop within the grace period");
        }
    }

    private Map<String, String> environment(Broker broker, int port) throws Exception {
        Map<String, String> environment = new HashMap<>();
        common().path("environment")
                .properties()
                .forEach(one ->
                        environment.put(one.getKey(), one.getValue().asText().replace(FOLDER, folder.toString())));
        assertEquals("kafka:19092", environment.put("MIGR_KAFKA_BOOTSTRAP_SERVERS", broker.bootstrapServers()));
        assertEquals("http://schema-registry:8081", environment.put("MIGR_SCHEMA_REGISTRY_URL", broker.registryUrl()));
        environment.put("MIGR_HTTP_PORT", String.valueOf(port));
        environment.put("MIGR_TOPIC_PREFIX", "compose.");
        environment.put("MIGR_TOPIC_PARTITIONS", "2");
        environment.put("MIGR_WORKER_GROUP", "compose-worker");
        environment.put("MIGR_TRAINER_GROUP", "compose-trainer");
        return environment;
    }

    private static int freePort() throws Exception {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private static int run(List<String> command) throws Exception {
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
    }

    private static String read(Path log) {
        try {
            return Files.readString(log);
        } catch (java.io.IOException e) {
            return e.toString();
        }
    }
}
