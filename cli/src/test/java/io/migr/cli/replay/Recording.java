package io.migr.cli.replay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.migr.cli.Migr;
import io.migr.cli.feed.Feeder;
import io.migr.cli.setup.InstallationFolders;
import io.migr.cli.setup.LocalPlatform;
import io.migr.cli.setup.Services;
import io.migr.cli.watch.ResultReader;
import io.migr.cli.watch.ResultReader.Result;
import io.migr.corpus.Clip;
import io.migr.corpus.ClipFile;
import io.migr.corpus.Split;
import io.migr.features.SegmentCutter.Segment;
import io.migr.model.checkpoint.EmotionModel;
import io.migr.replay.ReplayPlans;
import io.migr.replay.ReplayRange;
import io.migr.replay.ReplayRun;
import io.migr.runtime.config.Configuration;
import io.migr.runtime.config.Key;
import io.migr.runtime.kafka.DeadLetters;
import io.migr.schemas.ClipId;
import io.migr.schemas.ClipKey;
import io.migr.schemas.Consent;
import io.migr.schemas.EmotionExplanation;
import io.migr.schemas.EmotionPrediction;
import io.migr.schemas.ReplayPlan;
import io.migr.schemas.StageTimings;
import io.migr.schemas.Topic;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.StoreScope;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import picocli.CommandLine;

/**
 * Twelve clips that went through streams and worker on a real broker, in batches of one so that no clip affects the
 * result of another, and three that were refused: a broken one, one without consent and one that was sent twice.
 */
final class Recording implements AutoCloseable {
    static final int CLIPS = 12;
    static final String BROKEN = "odd/broken";
    static final String DENIED = "odd/denied";

    /** The clip that was sent twice. */
    static final String TWICE = "one/p0/0";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int PARTICIPANTS = 6;
    /** Test clips: the shipped model answers the second and the third, and abstains from the first. */
    private static final List<Integer> MADE_OF = List.of(0, 37, 36, 3);

    private final Path folder;
    private final Path shipped;
    private final LocalPlatform platform;
    private final Map<String, EmotionPrediction> predictions = new TreeMap<>();
    private final Map<String, EmotionExplanation> explanations = new TreeMap<>();
    private final Map<String, String> dead = new TreeMap<>();
    private final Map<String, Long> live;
    private final String other;

    /** Shares one recording among all tests of a JVM. */
    static final class Shared implements ParameterResolver {
        @Override
        public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
            return parameter.getParameter().getType() == Recording.class;
        }

        @Override
        public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
            return context.getStore(StoreScope.LAUNCHER_SESSION, Namespace.create(Recording.class))
                    .getOrComputeIfAbsent(Recording.class, key -> start(), Recording.class);
        }

        private static Recording start() {
            try {
                return new Recording(
                        Files.createTempDirectory(Files.createDirectories(Path.of("target")), "recording"));
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private Recording(Path folder) throws Exception {
        this.folder = folder;
        Configuration asked = Configuration.of(Map.of(
                "embedded.kafka.port",
                "0",
                "embedded.registry.port",
                "0",
                "topic.partitions",
                "2",
                "worker.batch.size",
                "1",
                "http.port",
                "0"));
        shipped = InstallationFolders.model(asked);
        platform = LocalPlatform.start(asked, folder.resolve("kafka"));
        try {
            platform.serve();
            record();
            platform.stopServices();
            live = liveOffsets();
            assertFalse(live.isEmpty());
            other = imported(rotated());
        } catch (Exception | AssertionError e) {
            platform.close();
            throw e;
        }
    }

    private void record() throws Exception {
        List<byte[]> media = new ArrayList<>();
        for (int i = 0; i < MADE_OF.size(); i++) {
            Path file = folder.resolve(i + ".mp4");
            ClipFile.write(Clip.of(Split.TEST.seed(MADE_OF.get(i))), file, Services.ffmpeg());
            media.add(Files.readAllBytes(file));
        }
        media.set(3, withoutSound(folder.resolve("3.mp4")));
        try (Feeder feeder = new Feeder(platform.clients());
                ResultReader reader = new ResultReader(platform.clients(), true)) {
            for (int i = 0; i < CLIPS; i++) {
                int participant = i % PARTICIPANTS;
                ClipId clip = new ClipId(participant < 2 ? "one" : "two", "p" + participant, (long) i / PARTICIPANTS);
                feeder.deliver(clip, segment(media.get(i % media.size())), Consent.GRANTED);
            }
            byte[] broken = "this is no film".getBytes(StandardCharsets.UTF_8);
            feeder.deliver(new ClipId("odd", "broken", 0L), segment(broken), Consent.GRANTED);
            feeder.deliver(new ClipId("odd", "denied", 0L), segment(media.get(0)), Consent.DENIED);
            feeder.deliver(ClipKey.parse(TWICE), segment(media.get(0)), Consent.GRANTED);
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(120);
            while (predictions.size() + dead.size() < CLIPS + 2 && System.nanoTime() < deadline) {
                for (Result result : reader.poll(Duration.ofMillis(100))) {
                    if (result.prediction() == null) {
                        dead.put(result.deadKey(), result.deadReason());
                    } else {
                        String name = ClipKey.name(result.prediction().getClip());
                        predictions.put(name, result.prediction());
                        explanations.put(name, result.explanation());
                    }
                }
            }
            assertEquals(CLIPS, predictions.size(), platform.failure() + " " + dead);
            assertEquals(List.of(BROKEN, DENIED), List.copyOf(dead.keySet()), "the clip sent twice is no failure");
        }
    }

    private static Segment segment(byte[] media) {
        return new Segment(media, "video/mp4", 0, 3000);
    }

    private static byte[] withoutSound(Path clip) throws IOException, InterruptedException {
        Path silent = clip.resolveSibling("silent.mp4");
        Process process = Services.ffmpeg()
                .command(
                        "ffmpeg",
                        List.of("-nostdin", "-v", "error", "-i", clip.toString(), "-an", "-c", "copy", silent + ""))
                .inheritIO()
                .start();
        assertEquals(0, process.waitFor());
        return Files.readAllBytes(silent);
    }

    LocalPlatform platform() {
        return platform;
    }

    Path folder() {
        return folder;
    }

    /** The configured version, which made the recorded results. */
    String configured() throws IOException {
        return EmotionModel.version(shipped);
    }

    /** A version that gives each emotion the name of the next one. */
    String other() {
        return other;
    }

    /** The recorded predictions, by clip. */
    Map<String, EmotionPrediction> predictions() {
        return predictions;
    }

    Map<String, EmotionExplanation> explanations() {
        return explanations;
    }

    /** Why clips were refused, by their key. */
    Map<String, String> dead() {
        return dead;
    }

    void assertOffsetsOfOtherGroupsAreUnchanged() throws Exception {
        assertEquals(live, liveOffsets());
    }

    /** The committed offsets of all groups except those of replays. */
    private Map<String, Long> liveOffsets() throws Exception {
        Map<String, Long> offsets = new TreeMap<>();
        try (Admin admin = platform.clients().admin()) {
            for (var group : admin.listGroups().all().get()) {
                if (!group.groupId().contains("replays-")) {
                    admin.listConsumerGroupOffsets(group.groupId())
                            .partitionsToOffsetAndMetadata()
                            .get()
                            .forEach((place, offset) -> offsets.put(group.groupId() + " " + place, offset.offset()));
                }
            }
        }
        return offsets;
    }

    /** The shipped weights with rotated labels: each emotion has the name of the next one. */
    private Path rotated() throws IOException {
        Path copy = Files.createDirectories(folder.resolve("rotated"));
        for (String name : List.of("model.safetensors", "tokenizer.json")) {
            Files.copy(shipped.resolve(name), copy.resolve(name));
        }
        String config = Files.readString(shipped.resolve("config.json"));
        String labels = "\"happy\", \"sad\", \"neutral\", \"angry\", \"surprise\", \"disgust\", \"fear\"";
        assertTrue(config.contains(labels));
        Files.writeString(
                copy.resolve("config.json"),
                config.replace(
                        labels, "\"sad\", \"neutral\", \"angry\", \"surprise\", \"disgust\", \"fear\", \"happy\""));
        return copy;
    }

    private String imported(Path model) throws IOException {
        CommandResult result = run("models", "import", model.toString(), "--json");
        assertEquals(0, result.code(), result.err());
        return JSON.readTree(result.out()).path("id").asText();
    }

    /** The exit code and output of a command. */
    record CommandResult(int code, String out, String err) {}

    /** Runs a command against this broker; the batch size is 4 unless the options set it. */
    CommandResult run(String... options) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine line = Migr.commandLine();
        line.setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
        List<String> words = new ArrayList<>(List.of(options));
        for (Key key : List.of(Key.KAFKA_BOOTSTRAP_SERVERS, Key.SCHEMA_REGISTRY_URL)) {
            words.addAll(List.of("--" + key.flag(), platform.configuration().text(key)));
        }
        if (!words.contains("--worker-batch-size")) {
            words.addAll(List.of("--worker-batch-size", "4"));
        }
        words.addAll(List.of("--models-store", folder.resolve("store").toString()));
        return new CommandResult(line.execute(words.toArray(String[]::new)), out.toString(), err.toString());
    }

    JsonNode replay(String... options) throws IOException {
        List<String> words = new ArrayList<>(List.of("replay", "--json"));
        words.addAll(List.of(options));
        CommandResult result = run(words.toArray(String[]::new));
        assertEquals(0, result.code(), result.err());
        return JSON.readTree(result.out());
    }

    void refused(int code, String reason, String... options) {
        List<String> words = new ArrayList<>(List.of("replay"));
        words.addAll(List.of(options));
        CommandResult result = run(words.toArray(String[]::new));
        assertEquals(code, result.code(), result.out());
        assertTrue(result.err().contains(reason), result.err());
        assertFalse(result.err().contains("\tat "), result.err());
    }

    /** All records of a topic. */
    void read(Topic topic, Consumer<ConsumerRecord<String, byte[]>> each) {
        String from = platform.clients().name(topic);
        try (KafkaConsumer<String, byte[]> consumer = platform.clients().consumer(null)) {
            List<TopicPartition> places = consumer.partitionsFor(from).stream()
                    .map(one -> new TopicPartition(from, one.partition()))
                    .toList();
            consumer.assign(places);
            consumer.seekToBeginning(places);
            Map<TopicPartition, Long> ends = consumer.endOffsets(places);
            while (places.stream().anyMatch(place -> consumer.position(place) < ends.get(place))) {
                consumer.poll(Duration.ofMillis(100)).forEach(each);
            }
        }
    }

    /** The records that a replay wrote for one of its sides; checks that each clip has exactly one. */
    private <T extends SpecificRecord> Map<String, T> written(
            Topic topic, Class<T> type, Function<T, ClipId> name, String id, String side) {
        var values = platform.clients().serde(type).deserializer();
        Map<String, T> found = new TreeMap<>();
        read(topic, record -> {
            if (id.equals(DeadLetters.text(record.headers(), ReplayRun.ID))
                    && side.equals(DeadLetters.text(record.headers(), ReplayRun.SIDE))) {
                T value = values.deserialize(record.topic(), record.value());
                assertEquals(ClipKey.of(name.apply(value)), record.key());
                assertEquals(null, found.put(ClipKey.name(name.apply(value)), value), "a clip has two records");
            }
        });
        return found;
    }

    /** The predictions of a replay; checks that each clip has exactly one, and exactly one explanation. */
    Map<String, EmotionPrediction> predictions(String id, String side) {
        Map<String, EmotionPrediction> found =
                written(Topic.REPLAY_PREDICTIONS, EmotionPrediction.class, EmotionPrediction::getClip, id, side);
        assertEquals(found.keySet(), explanations(id, side).keySet());
        return found;
    }

    Map<String, EmotionExplanation> explanations(String id, String side) {
        return written(Topic.REPLAY_EXPLANATIONS, EmotionExplanation.class, EmotionExplanation::getClip, id, side);
    }

    /** The bytes of predictions in hexadecimal, without timings. */
    static Map<String, String> bytes(Map<String, EmotionPrediction> predictions) throws IOException {
        Map<String, String> bytes = new TreeMap<>();
        for (Map.Entry<String, EmotionPrediction> one : predictions.entrySet()) {
            EmotionPrediction bare = EmotionPrediction.newBuilder(one.getValue())
                    .setTimings(new StageTimings(0f, 0f, 0f, 0f, 0f, 0))
                    .build();
            byte[] encoded = new byte[bare.toByteBuffer().remaining()];
            bare.toByteBuffer().get(encoded);
            bytes.put(one.getKey(), HexFormat.of().formatHex(encoded));
        }
        return bytes;
    }

    ReplayPlan planned(String id) {
        return new ReplayPlans(platform.clients()).find(id).orElseThrow();
    }

    /** Stores a plan to replay everything recorded on a topic. */
    ReplayPlan plan(String id, Topic topic, int batchSize) throws IOException {
        ReplayRange range = new ReplayRange("1h", null, null, null);
        return new ReplayPlans(platform.clients())
                .storeIfAbsent(ReplayPlan.newBuilder()
                        .setId(id)
                        .setRanges(range.resolve(platform.clients(), topic).ranges())
                        .setModel(configured())
                        .setBatchSize(batchSize)
                        .setAsked("--from 1h")
                        .setStartedAt(Instant.now())
                        .build());
    }

    @Override
    public void close() throws IOException {
        platform.close();
        try (var files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
