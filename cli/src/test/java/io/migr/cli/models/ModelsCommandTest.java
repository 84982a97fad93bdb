package io.migr.cli.models;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.migr.cli.Migr;
import io.migr.cli.setup.InstallationFolders;
import io.migr.cli.setup.LocalPlatform;
import io.migr.runtime.config.Configuration;
import io.migr.runtime.config.Key;
import io.migr.runtime.kafka.KafkaClients;
import io.migr.runtime.models.ModelVersionReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The model commands on a real broker and a real store; each test uses its own topics. */
@Tag("slow")
class ModelsCommandTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    static Path folder;

    private static LocalPlatform platform;
    private static Path shipped;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @BeforeAll
    static void start() {
        Configuration asked = Configuration.of(Map.of("embedded.kafka.port", "0", "embedded.registry.port", "0"));
        shipped = InstallationFolders.model(asked);
        platform = LocalPlatform.start(asked, folder.resolve("kafka"));
    }

    @AfterAll
    static void stop() {
        if (platform != null) {
            platform.close();
        }
    }

    private int run(String test, String... options) {
        StringWriter printed = new StringWriter();
        err.getBuffer().setLength(0);
        out.getBuffer().setLength(0);
        CommandLine line = Migr.commandLine();
        line.setOut(new PrintWriter(printed)).setErr(new PrintWriter(err));
        List<String> words = new ArrayList<>(List.of("models"));
        words.addAll(List.of(options));
        for (Key key : List.of(Key.KAFKA_BOOTSTRAP_SERVERS, Key.SCHEMA_REGISTRY_URL)) {
            words.addAll(List.of("--" + key.flag(), platform.configuration().text(key)));
        }
        words.addAll(List.of(
                "--topic-prefix", test + ".", "--data-folder", data(test).toString()));
        int code = line.execute(words.toArray(String[]::new));
        out.append(printed.toString());
        return code;
    }

    private static Path data(String test) {
        return folder.resolve(test).resolve("data");
    }

    private void refused(int code, String reason, String test, String... options) {
        assertEquals(code, run(test, options), out.toString());
        assertTrue(err.toString().contains(reason), err.toString());
    }

    /** The shipped weights with a different calibration, which makes them a different version. */
    private static Path changed(int tolerance) throws IOException {
        Path copy = Files.createDirectories(folder.resolve("changed-" + tolerance));
        for (String name : List.of("model.safetensors", "tokenizer.json")) {
            Files.write(copy.resolve(name), Files.readAllBytes(shipped.resolve(name)));
        }
        String config = Files.readString(shipped.resolve("config.json"));
        Files.writeString(
                copy.resolve("config.json"),
                config.replaceFirst("\"tolerance\" : [0-9.]+", "\"tolerance\" : 0." + tolerance));
        return copy;
    }

    private String imported(String test, int tolerance, String... options) throws IOException {
        List<String> words =
                new ArrayList<>(List.of("import", changed(tolerance).toString(), "--json"));
        words.addAll(List.of(options));
        assertEquals(0, run(test, words.toArray(String[]::new)), err.toString());
        return JSON.readTree(out.toString()).path("id").asText();
    }

    private String live(String test) throws IOException {
        assertEquals(0, run(test, "list", "--json"), err.toString());
        List<String> live = new ArrayList<>();
        for (String line : out.toString().lines().toList()) {
            JsonNode version = JSON.readTree(line);
            if (version.path("status").asText().equals("live")) {
                live.add(version.path("id").asText());
            }
        }
        assertEquals(1, live.size(), out.toString());
        return live.get(0);
    }

    @Test
    void aVersionThatNeedsMoreThanTheTopicsCarryIsNotPromoted() throws Exception {
        String tiny = shipped.resolveSibling("tiny").toString();
        assertEquals(0, run("carry", "import", tiny, "--json"), err.toString());
        JsonNode needing = JSON.readTree(out.toString());
        assertEquals("media", needing.path("needs").asText());
        String media = needing.path("id").asText();
        String cues = imported("carry", 14);
        assertEquals("cues", JSON.readTree(out.toString()).path("needs").asText());
        refused(
                1,
                "Version " + media + " needs the media of clips and the topics carry cues alone: set"
                        + " features.carry=media",
                "carry",
                "promote",
                media,
                "--force");
        assertEquals(0, run("carry", "promote", cues), err.toString());
        assertEquals(cues, live("carry"));
        assertTrue(out.toString().contains("\"needs\":\"media\""), out.toString());
        assertEquals(0, run("carry", "show", cues), err.toString());
        assertTrue(out.toString().contains("needs      cues"), out.toString());
        assertEquals(0, run("carry", "promote", media, "--features-carry", "media"), err.toString());
        assertEquals(media, live("carry"));
    }

    @Test
    void aVersionIsImportedPromotedAndRolledBack() throws Exception {
        String configured = live("way");
        assertTrue(configured.startsWith("people-"), configured);
        String first = imported("way", 11);
        assertEquals(configured, live("way"), "a candidate is not live");
        String second = imported("way", 12, "--parent", first);
        assertEquals(0, run("way", "promote", first), err.toString());
        assertTrue(out.toString().startsWith(first + "  live "), out.toString());
        assertEquals(0, run("way", "promote", second, "--why", "It is better."), err.toString());
        assertEquals(second, live("way"));
        assertEquals(0, run("way", "show", second), err.toString());
        assertTrue(out.toString().contains(", from " + first + ". It is better."), out.toString());
        assertTrue(out.toString().contains("replaced   " + first), out.toString());
        assertEquals(0, run("way", "rollback"), err.toString());
        assertEquals(first, live("way"));
        assertEquals(0, run("way", "rollback"), err.toString());
        assertEquals(configured, live("way"));
        refused(1, "nothing before them to roll back to", "way", "rollback");
        refused(1, second + " is retired (It was rolled back by hand.)", "way", "promote", second);
        assertEquals(0, run("way", "promote", second, "--force"), err.toString());
        assertEquals(second, live("way"));
    }

    @Test
    void anExportedModelIsTheSameVersion() throws Exception {
        String id = imported("export", 13);
        Path copy = folder.resolve("exported");
        assertEquals(0, run("export", "export", id, copy.toString()), err.toString());
        refused(1, "Version " + id + " already exists.", "export", "import", copy.toString());
        refused(3, "already has a config.json", "export", "export", id, copy.toString());
        String configured = live("export");
        assertEquals(
                0, run("export", "export", configured, folder.resolve("shipped").toString()), err.toString());
        assertEquals(-1, Files.mismatch(shipped.resolve("config.json"), folder.resolve("shipped/config.json")));
    }

    @Test
    void everyImpossibleRequestIsOneClearError() throws Exception {
        String id = imported("errors", 14);
        String typo = id.substring(0, id.length() - 1) + "x";
        refused(1, "There is no version " + typo + "; the nearest is " + id + ".", "errors", "promote", typo);
        refused(1, "the nearest is " + id, "errors", "show", typo);
        refused(1, "the nearest is " + id, "errors", "import", changed(15).toString(), "--parent", typo);
        refused(1, "has no config.json", "errors", "import", folder.toString());
        assertEquals(0, run("errors", "retire", id), err.toString());
        refused(1, id + " is retired", "errors", "retire", id);
        refused(1, "To promote it anyway, use --force", "errors", "promote", id);
        refused(1, "is live. Promote another version first", "errors", "retire", live("errors"));
        assertEquals(2, run("errors"));
        Path tokenizer = data("errors")
                .resolveSibling("models")
                .resolve(sha256("errors", id))
                .resolve("tokenizer.json");
        Files.writeString(tokenizer, "{}");
        refused(3, "is damaged", "errors", "promote", id, "--force");
        refused(
                3,
                "The model store /no/store does not exist",
                "errors",
                "export",
                id,
                "x",
                "--models-store",
                "/no/store");
    }

    private String sha256(String test, String id) throws IOException {
        assertEquals(0, run(test, "show", id, "--json"), err.toString());
        return JSON.readTree(out.toString()).path("sha256").asText();
    }

    @Test
    void theTopicIsCompactedAndForeignRecordsAreIgnored() throws Exception {
        String id = imported("topic", 16);
        String topic = "topic.model-versions";
        try (Admin admin = platform.clients().admin()) {
            ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
            assertEquals(
                    "compact",
                    admin.describeConfigs(List.of(resource))
                            .all()
                            .get()
                            .get(resource)
                            .get("cleanup.policy")
                            .value());
            assertEquals(
                    1,
                    admin.describeTopics(List.of(topic))
                            .allTopicNames()
                            .get()
                            .get(topic)
                            .partitions()
                            .size());
        }
        try (KafkaProducer<String, byte[]> stranger = platform.clients().producer(null)) {
            byte[] junk = "no version".getBytes(StandardCharsets.UTF_8);
            stranger.send(new ProducerRecord<>(topic, id, junk)).get();
        }
        assertEquals(0, run("topic", "promote", id), err.toString());
        assertEquals(id, live("topic"));
    }

    /** Whichever promotion wins or is fenced, exactly one version is live, and only its record says so. */
    @Test
    void concurrentPromotionsLeaveOneVersionLive() throws Exception {
        List<String> ids = List.of(imported("race", 17), imported("race", 18));
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            List<Future<Integer>> codes = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                String id = ids.get(i % 2);
                codes.add(threads.submit(() -> new ModelsCommandTest().run("race", "promote", id, "--force")));
            }
            int promoted = 0;
            for (Future<Integer> code : codes) {
                promoted += code.get() == 0 ? 1 : 0;
            }
            assertTrue(promoted > 0);
        } finally {
            threads.shutdown();
        }
        live("race");
        Configuration configuration = platform.configuration().with(Map.of(Key.TOPIC_PREFIX, "race."));
        try (ModelVersionReader reader = new ModelVersionReader(new KafkaClients(configuration))) {
            assertEquals(List.of(), reader.now().overruled());
        }
    }
}
