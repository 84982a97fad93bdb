package io.migr.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.migr.cli.ResultReader.Result;
import io.migr.cli.SegmentCutter.Segment;
import io.migr.corpus.Clip;
import io.migr.corpus.ClipFile;
import io.migr.corpus.Split;
import io.migr.model.ClipAnalyser;
import io.migr.model.ClipInput;
import io.migr.runtime.Configuration;
import io.migr.runtime.DeadLetters;
import io.migr.runtime.Key;
import io.migr.schemas.ClipId;
import io.migr.schemas.ClipKey;
import io.migr.schemas.Consent;
import io.migr.schemas.EmotionExplanation;
import io.migr.schemas.EmotionPrediction;
import io.migr.schemas.ReplayPlan;
import io.migr.schemas.StageTimings;
import io.migr.schemas.Topic;
import io.migr.worker.ExplanationVerifier;
import io.migr.worker.ReplayPlans;
import io.migr.worker.ReplayRun;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Twelve clips that went through streams and worker on a real broker are replayed. */
class ReplayTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int PARTICIPANTS = 6;
    private static final int CLIPS = 12;

    @TempDir
    static Path folder;

    private static Platform platform;
    private static Path shipped;
    private static String configured;
    private static String other;
    private static Map<String, Long> live;
    private static final Map<String, EmotionPrediction> RECORDED = new TreeMap<>();

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @BeforeAll
    static void record() throws Exception {
        Configuration asked = Configuration.of(Map.of(
                "embedded.kafka.port",
                "0",
                "embedded.registry.port",
                "0",
                "topic.partitions",
                "2",
                "worker.batch.size",
                "4",
                "http.port",
                "0"));
        shipped = Home.model(asked);
        configured = io.migr.model.EmotionModel.version(shipped);
        platform = Platform.start(asked, folder.resolve("kafka"));
        platform.serve();
        List<byte[]> media = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            Path file = folder.resolve(i + ".mp4");
            ClipFile.write(Clip.of(Split.TEST.seed(i)), file, Services.ffmpeg());
            media.add(Files.readAllBytes(file));
        }
        try (Feeder feeder = new Feeder(platform.clients());
                ResultReader reader = new ResultReader(platform.clients(), true)) {
            for (int i = 0; i < CLIPS; i++) {
                int participant = i % PARTICIPANTS;
                feeder.deliver(
                        new ClipId(participant < 2 ? "one" : "two", "p" + participant, (long) i / PARTICIPANTS),
                        new Segment(media.get(i % media.size()), "video/mp4", 0, 3000),
                        Consent.GRANTED);
            }
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(120);
            while (RECORDED.size() < CLIPS && System.nanoTime() < deadline) {
                for (Result result : reader.poll(Duration.ofMillis(100))) {
                    assertTrue(result.prediction() != null, result.deadReason());
                    RECORDED.put(ClipKey.name(result.prediction().getClip()), result.prediction());
                }
            }
            assertEquals(CLIPS, RECORDED.size(), "" + platform.failure());
        }
        platform.stopServices();
        live = liveOffsets();
        assertFalse(live.isEmpty());
        other = imported(rotated());
    }

    @AfterAll
    static void stop() {
        if (platform != null) {
            platform.close();
        }
    }

    @AfterEach
    void nobodyElsesOffsetsMoved() throws Exception {
        assertEquals(live, liveOffsets());
    }

    /** What all groups but those of replays have committed. */
    private static Map<String, Long> liveOffsets() throws Exception {
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

    /** The shipped weights, which call each emotion by the name of the next. */
    private static Path rotated() throws IOException {
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

    private static int run(StringWriter out, StringWriter err, String... options) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        CommandLine line = Migr.commandLine();
        line.setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
        List<String> words = new ArrayList<>(List.of(options));
        for (Key key : List.of(Key.KAFKA_BOOTSTRAP_SERVERS, Key.SCHEMA_REGISTRY_URL, Key.WORKER_BATCH_SIZE)) {
            words.addAll(List.of("--" + key.flag(), platform.configuration().text(key)));
        }
        words.addAll(List.of("--models-store", folder.resolve("store").toString()));
        return line.execute(words.toArray(String[]::new));
    }

    private static String imported(Path model) throws IOException {
        StringWriter said = new StringWriter();
        StringWriter wrong = new StringWriter();
        assertEquals(0, run(said, wrong, "models", "import", model.toString(), "--json"), wrong.toString());
        return JSON.readTree(said.toString()).path("id").asText();
    }

    private JsonNode replay(String... options) throws IOException {
        List<String> words = new ArrayList<>(List.of("replay", "--json"));
        words.addAll(List.of(options));
        assertEquals(0, run(out, err, words.toArray(String[]::new)), err.toString());
        return JSON.readTree(out.toString());
    }

    private void refused(int code, String reason, String... options) {
        List<String> words = new ArrayList<>(List.of("replay"));
        words.addAll(List.of(options));
        assertEquals(code, run(out, err, words.toArray(String[]::new)), out.toString());
        assertTrue(err.toString().contains(reason), err.toString());
        assertFalse(err.toString().contains("\tat "), err.toString());
    }

    /** Records of a replay's side in a replay topic, by clip; the clip is read by {@code name}. */
    private static Map<String, List<ConsumerRecord<String, byte[]>>> written(
            Topic topic, String id, String side, java.util.function.Function<byte[], ClipId> name) {
        Map<String, List<ConsumerRecord<String, byte[]>>> found = new TreeMap<>();
        String from = platform.clients().name(topic);
        try (KafkaConsumer<String, byte[]> consumer = platform.clients().consumer(null)) {
            List<TopicPartition> places = consumer.partitionsFor(from).stream()
                    .map(one -> new TopicPartition(from, one.partition()))
                    .toList();
            consumer.assign(places);
            consumer.seekToBeginning(places);
            Map<TopicPartition, Long> ends = consumer.endOffsets(places);
            while (places.stream().anyMatch(place -> consumer.position(place) < ends.get(place))) {
                for (ConsumerRecord<String, byte[]> record : consumer.poll(Duration.ofMillis(100))) {
                    if (id.equals(DeadLetters.text(record.headers(), ReplayRun.ID))
                            && side.equals(DeadLetters.text(record.headers(), ReplayRun.SIDE))) {
                        ClipId clip = name.apply(record.value());
                        assertEquals(ClipKey.of(clip), record.key());
                        found.computeIfAbsent(ClipKey.name(clip), key -> new ArrayList<>())
                                .add(record);
                    }
                }
            }
        }
        return found;
    }

    private static EmotionPrediction prediction(byte[] value) {
        return platform.clients()
                .serde(EmotionPrediction.class)
                .deserializer()
                .deserialize(platform.clients().name(Topic.REPLAY_PREDICTIONS), value);
    }

    private static EmotionExplanation explanation(byte[] value) {
        return platform.clients()
                .serde(EmotionExplanation.class)
                .deserializer()
                .deserialize(platform.clients().name(Topic.REPLAY_EXPLANATIONS), value);
    }

    /** Predictions of a replay, exactly one for each clip, and as many explanations. */
    private static Map<String, EmotionPrediction> predictions(String id, String side) {
        Map<String, EmotionPrediction> predictions = new TreeMap<>();
        written(Topic.REPLAY_PREDICTIONS, id, side, value -> prediction(value).getClip())
                .forEach((clip, records) -> {
                    assertEquals(1, records.size(), clip + " is there several times");
                    predictions.put(clip, prediction(records.get(0).value()));
                });
        assertEquals(predictions.keySet(), explanations(id, side).keySet());
        return predictions;
    }

    private static Map<String, EmotionExplanation> explanations(String id, String side) {
        Map<String, EmotionExplanation> explanations = new TreeMap<>();
        written(Topic.REPLAY_EXPLANATIONS, id, side, value -> explanation(value).getClip())
                .forEach((clip, records) -> {
                    assertEquals(1, records.size(), clip + " is explained several times");
                    explanations.put(clip, explanation(records.get(0).value()));
                });
        return explanations;
    }

    /** The bytes of a prediction but for how long it took. */
    private static Map<String, String> bytes(Map<String, EmotionPrediction> predictions) throws IOException {
        Map<String, String> bytes = new TreeMap<>();
        for (Map.Entry<String, EmotionPrediction> one : predictions.entrySet()) {
            EmotionPrediction bare = EmotionPrediction.newBuilder(one.getValue())
                    .setTimings(new StageTimings(0f, 0f, 0f, 0f, 0f, 0))
                    .build();
            byte[] encoded = new byte[bare.toByteBuffer().remaining()];
            bare.toByteBuffer().get(encoded);
            bytes.put(one.getKey(), java.util.HexFormat.of().formatHex(encoded));
        }
        return bytes;
    }

    private static ReplayPlan planned(String id) {
        return new ReplayPlans(platform.clients()).find(id).orElseThrow();
    }

    @Test
    void theSameVersionGivesTheSameToTheByte() throws Exception {
        JsonNode first = replay("--from", "1h", "--id", "same-1");
        assertEquals(CLIPS, first.path("clips").asInt(), first.toString());
        assertEquals(1, first.path("agreement").asDouble(), first.toString());
        assertEquals(configured, first.path("model").asText());
        assertEquals("recorded", first.path("against").asText());
        assertEquals(0, first.path("unmatched").asInt());
        assertEquals(2, planned("same-1").getRanges().size(), "both partitions have requests");
        JsonNode both = replay("--from", "1h", "--id", "same-2", "--model", configured, "--against", configured);
        assertEquals(CLIPS, both.path("same").asInt(), both.toString());
        assertEquals(0, both.path("most_changed").size());
        Map<String, EmotionPrediction> one = predictions("same-1", ReplayRun.MODEL);
        assertEquals(RECORDED.keySet(), one.keySet());
        for (String side : List.of(ReplayRun.MODEL, ReplayRun.AGAINST)) {
            assertEquals(bytes(one), bytes(predictions("same-2", side)));
            assertEquals(explanations("same-1", ReplayRun.MODEL), explanations("same-2", side));
        }
        System.out.println("the same as recorded to the last bit: " + first.path("same") + " of " + CLIPS);
    }

    @Test
    void anotherVersionsFlipsAreThoseCountedHere() throws Exception {
        String clip = RECORDED.keySet().iterator().next();
        String right = RECORDED.get(clip).getEmotion().name().toLowerCase(Locale.ROOT);
        assertEquals(0, run(out, err, "label", clip, right, "--annotator", "ann"), err.toString());
        Path page = folder.resolve("page");
        JsonNode report = replay("--from", "1h", "--id", "flips", "--model", other, "--out", page.toString());
        Map<String, Integer> expected = new HashMap<>();
        Map<String, EmotionPrediction> now = predictions("flips", ReplayRun.MODEL);
        RECORDED.forEach((name, old) -> expected.merge(
                (old.getEmotion() + "/" + now.get(name).getEmotion()).toLowerCase(Locale.ROOT), 1, Integer::sum));
        Map<String, Integer> reported = new HashMap<>();
        report.path("emotions").fields().forEachRemaining(row -> row.getValue()
                .fields()
                .forEachRemaining(cell -> reported.put(
                        row.getKey() + "/" + cell.getKey(), cell.getValue().asInt())));
        assertEquals(expected, reported);
        assertEquals(0, report.path("agreement").asDouble(), "each emotion has the name of the next");
        assertEquals(10, report.path("most_changed").size());
        assertEquals(1, report.path("labelled").asInt());
        assertEquals(1, report.at("/before/war").asDouble());
        assertEquals(0, report.at("/after/war").asDouble());
        assertEquals(1, report.path("lost").asInt());
        assertTrue(Files.readString(page.resolve("replay.html")).contains("labelled <b>" + right));
        assertEquals(report, JSON.readTree(page.resolve("replay.json").toFile()));
        assertEquals(0, run(out, err, "replay", "--id", "flips", "--report"), err.toString());
        assertTrue(out.toString().contains("agreement      0.000"), out.toString());
        keep(page, out.toString());
    }

    /** {@code -Dkeep.replay=DIR}: leaves page and table there, to be looked at. */
    private static void keep(Path page, String table) throws IOException {
        String kept = System.getProperty("keep.replay");
        if (kept != null) {
            Files.createDirectories(Path.of(kept));
            Files.copy(page.resolve("replay.html"), Path.of(kept, "replay.html"));
            Files.writeString(Path.of(kept, "replay.txt"), table);
        }
    }

    @Test
    void oneCallAndOneRangeAreReadAlone() throws Exception {
        JsonNode one = replay("--call", "one", "--id", "call");
        assertEquals(4, one.path("clips").asInt(), one.toString());
        assertTrue(predictions("call", ReplayRun.MODEL).keySet().stream().allMatch(clip -> clip.startsWith("one/")));
        long from = planned("call").getRanges().get(0).getFrom();
        int partition = planned("call").getRanges().get(0).getPartition();
        JsonNode two = replay("--offsets", partition + ":" + from + "-" + (from + 1), "--id", "range");
        assertEquals(1, two.path("clips").asInt(), two.toString());
    }

    /** Counts clips, and takes its time so that a second instance has its turn. */
    private static final class Counting implements ClipAnalyser {
        private final ClipAnalyser analyser;
        private final AtomicInteger clips = new AtomicInteger();
        private final long pause;

        Counting(ClipAnalyser analyser, long pause) {
            this.analyser = analyser;
            this.pause = pause;
        }

        @Override
        public String version() {
            return analyser.version();
        }

        @Override
        public Batch analyse(List<ClipInput> inputs) {
            clips.addAndGet(inputs.size());
            try {
                Thread.sleep(pause);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return analyser.analyse(inputs);
        }

        @Override
        public void close() {
            analyser.close();
        }
    }

    private static ReplayPlan plan(String id, int batchSize) {
        ReplayRange range = new ReplayRange();
        new CommandLine(range).parseArgs("--from", "1h");
        return new ReplayPlans(platform.clients())
                .fix(ReplayPlan.newBuilder()
                        .setId(id)
                        .setRanges(range.resolve(platform.clients()))
                        .setModel(configured)
                        .setBatchSize(batchSize)
                        .setAsked("--from 1h")
                        .setStartedAt(java.time.Instant.now())
                        .build());
    }

    private static Counting counting(long pause) throws IOException {
        return new Counting(Services.loader(platform.configuration()).load(Optional.empty()), pause);
    }

    @Test
    void whatWasStoppedGoesOnWithEachRequestOnce() throws Exception {
        ReplayPlan plan = plan("stopped", 4);
        try (Counting analyser = counting(0);
                ExplanationVerifier verifier = WorkerVerifier.open(platform.configuration())) {
            assertFalse(new ReplayRun(platform.clients(), plan, List.of(analyser), verifier)
                    .run(done -> {}, () -> analyser.clips.get() > 0));
            int done = analyser.clips.get();
            assertTrue(done > 0 && done < CLIPS, "stopped after " + done);
        }
        refused(1, "migr replay --id stopped goes on with it", "--id", "stopped", "--report");
        JsonNode report = replay("--id", "stopped");
        assertEquals(CLIPS, report.path("clips").asInt(), report.toString());
        assertEquals(RECORDED.keySet(), predictions("stopped", ReplayRun.MODEL).keySet());
        replay("--from", "1h", "--id", "whole");
        assertEquals(bytes(predictions("whole", ReplayRun.MODEL)), bytes(predictions("stopped", ReplayRun.MODEL)));
        refused(1, "is there already, of --from 1h", "--id", "stopped", "--from", "2h");
    }

    @Test
    void twoInstancesShareAndAgreeOnThePlan() throws Exception {
        ReplayPlan plan = plan("shared", 1);
        assertEquals(plan, plan("shared", 3), "the first plan stands");
        List<Counting> analysers = List.of(counting(700), counting(700));
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            List<Future<Boolean>> instances = new ArrayList<>();
            for (Counting analyser : analysers) {
                instances.add(threads.submit(() -> {
                    try (ExplanationVerifier verifier = WorkerVerifier.open(platform.configuration())) {
                        return new ReplayRun(platform.clients(), plan, List.of(analyser), verifier)
                                .run(done -> {}, () -> false);
                    }
                }));
            }
            for (Future<Boolean> instance : instances) {
                assertTrue(instance.get(120, TimeUnit.SECONDS));
            }
        } finally {
            threads.shutdownNow();
            assertTrue(threads.awaitTermination(30, TimeUnit.SECONDS));
            analysers.forEach(Counting::close);
        }
        List<Integer> each = analysers.stream().map(one -> one.clips.get()).collect(Collectors.toList());
        assertTrue(Collections.min(each) > 0, each + " clips each");
        assertEquals(RECORDED.keySet(), predictions("shared", ReplayRun.MODEL).keySet());
        assertEquals(CLIPS, replay("--id", "shared", "--report").path("clips").asInt());
    }

    @Test
    void whatCannotBeReplayedIsSaidInOneLine() throws Exception {
        refused(2, "Say what to replay");
        refused(1, "There is no replay nobody", "--id", "nobody");
        refused(2, "--report goes with --id", "--report");
        refused(1, "There is no version tiny-0", "--from", "1h", "--model", "tiny-0");
        refused(1, "is in the future", "--from", "2999-01-01T00:00:00Z");
        refused(1, "is in the future", "--from", "1h", "--to", "2999-01-01T00:00:00Z");
        refused(1, "is no time", "--from", "yesterday");
        refused(1, "is not before", "--from", "1h", "--to", "2h");
        refused(1, "No request was recorded in that range", "--from", "2h", "--to", "1h");
        refused(1, "No request of the call three", "--call", "three");
        refused(1, "say PARTITION:FROM-TO", "--offsets", "0");
        refused(1, "has the partitions 0 to 1, not 7", "--offsets", "7:0-1");
        refused(1, "has the offsets 0-", "--offsets", "0:0-99999");
        Path damaged = folder.resolve("store")
                .resolve(new io.migr.trainer.registry.ModelRegistry(platform.clients(), configured, "test")
                        .version(other)
                        .getSha256())
                .resolve("config.json");
        byte[] whole = Files.readAllBytes(damaged);
        Files.writeString(damaged, "{}");
        try {
            refused(3, "is damaged", "--from", "1h", "--model", other);
        } finally {
            Files.write(damaged, whole);
        }
        Path store = folder.resolve("store");
        Files.move(store, folder.resolve("away"));
        try {
            refused(3, "is not there. Set models.store", "--from", "1h", "--model", other);
        } finally {
            Files.move(folder.resolve("away"), store);
        }
    }
}
