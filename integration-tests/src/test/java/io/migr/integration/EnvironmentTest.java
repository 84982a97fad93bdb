package io.migr.integration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.migr.runtime.config.Configuration;
import io.migr.runtime.kafka.DeadLetters;
import io.migr.runtime.kafka.KafkaClients;
import io.migr.schemas.Topic;
import io.migr.schemas.VisualFeatures;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Services on machines that are not as expected, each in a process of its own. */
@Tag("slow")
@DisabledOnOs(OS.WINDOWS)
@TestInstance(Lifecycle.PER_CLASS)
class EnvironmentTest {
    private static final String UNKNOWN_USER = "-Duser.home=?";
    /** What Kubernetes sets when there are services named migr and migr-http. */
    private static final Map<String, String> KUBERNETES = Map.of(
            "MIGR_PORT", "tcp://10.0.0.1:8080",
            "MIGR_SERVICE_HOST", "10.0.0.1",
            "MIGR_PORT_8080_TCP_ADDR", "10.0.0.1",
            "MIGR_HTTP_PORT", "tcp://10.0.0.3:8090");

    @TempDir
    static Path folder;

    private BrokerProcess broker;
    private Configuration configuration;
    private KafkaClients clients;

    @BeforeAll
    void start() throws Exception {
        broker = BrokerProcess.start(folder.resolve("broker"));
        configuration = broker.broker().configuration("environment", Map.of());
        try (Admin admin = new KafkaClients(configuration).admin()) {
            NewTopic small = new NewTopic("environment.timeline", 2, (short) 1)
                    .configs(Map.of("max.message.bytes", "1000000", "cleanup.policy", "compact"));
            admin.createTopics(List.of(small)).all().get();
        }
        clients = Broker.clients(configuration);
    }

    @AfterAll
    void stop() throws InterruptedException {
        broker.close();
    }

    private static List<String> command(List<String> options, String... words) {
        List<String> command = new ArrayList<>(ServiceProcess.java("-Xmx700m"));
        command.addAll(1, options);
        command.addAll(List.of(words));
        return command;
    }

    /**
     * A user without a home folder, variables of Kubernetes, a topic with other settings, what a killed process left, and
     * a broker that is away until the service has said so.
     */
    @Test
    void aServiceStartsWhereverItCanAndSaysWhatIsOdd() throws Exception {
        Path temporary = Files.createDirectories(folder.resolve("temporary"));
        Path ours = temporary.resolve("migr-" + System.getProperty("user.name").replaceAll("\\W", "_"));
        Path left = Files.createDirectories(ours.resolve("clips-1/clip2")).resolve("media");
        Files.writeString(left, "somebody's face");
        Files.createFile(ours.resolve("clips-1/lock"));
        broker.kill();
        List<String> words = command(List.of(UNKNOWN_USER, "-Djava.io.tmpdir=" + temporary), "serve", "streams");
        words.addAll(ServiceProcess.flags(configuration));
        Map<String, String> environment = new HashMap<>(KUBERNETES);
        environment.put("DJL_CACHE_DIR", System.getProperty("user.home") + "/.djl.ai");
        environment.put("MIGR_CACHE_DIR", System.getProperty("user.home") + "/.cache/migr");
        try (ServiceProcess streams = ServiceProcess.start("streams", words, environment)) {
            streams.await("does not answer");
            assertFalse(streams.output().contains("is ready"));
            broker.start();
            streams.awaitReady();
            assertTrue(streams.output().contains("cleanup.policy=compact (not delete)"), streams.output());
            assertTrue(streams.output().contains("max.message.bytes=1000000 (not "), streams.output());
            assertFalse(Files.exists(left), "what a killed process left of a clip");
            assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(ours)));
            try (Clips clips = new Clips(clients)) {
                clips.send("good", 0, Clips.mp4(4));
            }
            FirstRecord.of(clients, Topic.VISUAL_FEATURES, VisualFeatures.class, "call/good");
            try (var files = Files.walk(ours)) {
                assertTrue(files.noneMatch(file -> file.endsWith("media")), "no clip stays there");
            }
        }
    }

    @Test
    void whatCannotStartSaysWhatToSet() throws Exception {
        Path file = Files.writeString(folder.resolve("file"), "");
        Map<List<String>, String> refusals = Map.of(
                command(List.of(UNKNOWN_USER), "up"), "MIGR_DATA_FOLDER",
                command(List.of("-Djava.io.tmpdir=" + file), "serve", "streams"), "Set TMPDIR");
        for (Map.Entry<List<String>, String> one : refusals.entrySet()) {
            try (ServiceProcess process = ServiceProcess.start("odd", one.getKey())) {
                assertTrue(process.ended() != 0);
                assertTrue(process.output().contains(one.getValue()), process.output());
            }
        }
    }

    /** As {@code migr watch | head -n 1}. */
    @Test
    void watchEndsQuietlyWhenNobodyReadsItAnyMore() throws Exception {
        List<String> words = command(List.of(), "watch", "--from-beginning");
        words.addAll(ServiceProcess.flags(configuration));
        send();
        Path errors = folder.resolve("watch.err");
        Process watch = new ProcessBuilder(words).redirectError(errors.toFile()).start();
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(watch.getInputStream(), StandardCharsets.UTF_8))) {
            assertTrue(lines.readLine() != null);
        }
        for (int i = 0; i < 60 && watch.isAlive(); i++) {
            send();
            watch.waitFor(500, TimeUnit.MILLISECONDS);
        }
        assertFalse(watch.isAlive(), "it still runs");
        assertEquals(0, watch.exitValue());
        assertEquals("", Files.readString(errors));
    }

    private void send() throws Exception {
        try (KafkaProducer<String, byte[]> producer = clients.producer(null)) {
            ProducerRecord<String, byte[]> letter =
                    new ProducerRecord<>(clients.name(Topic.DEAD_LETTERS), "call/odd", new byte[1]);
            DeadLetters.describe(letter.headers(), new IllegalStateException("odd"), "any", 0, 0);
            producer.send(letter).get();
        }
    }
}
