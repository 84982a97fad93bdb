package io.migr.cli.replay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.migr.cli.replay.Recording.CommandResult;
import io.migr.cli.setup.Services;
import io.migr.replay.ReplayRun;
import io.migr.runtime.config.Configuration;
import io.migr.schemas.ClipKey;
import io.migr.schemas.EmotionPrediction;
import io.migr.schemas.ReplayPlan;
import io.migr.schemas.Topic;
import io.migr.worker.ExplanationVerifier;
import io.migr.worker.WorkerVerifier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Replays recorded requests. */
@ExtendWith(Recording.Shared.class)
@Tag("slow")
class ReplayTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int CLIPS = Recording.CLIPS;

    private final Recording recording;

    ReplayTest(Recording recording) {
        this.recording = recording;
    }

    @AfterEach
    void offsetsOfOtherGroupsAreUnchanged() throws Exception {
        recording.assertOffsetsOfOtherGroupsAreUnchanged();
    }

    @Test
    void theSameVersionGivesTheSameResultsByteForByte() throws Exception {
        String configured = recording.configured();
        JsonNode first = recording.replay("--from", "1h", "--id", "whole");
        assertEquals(CLIPS, first.path("clips").asInt(), first.toString());
        assertEquals(1, first.path("agreement").asDouble(), first.toString());
        assertEquals(configured, first.path("model").asText());
        assertEquals("recorded", first.path("against").asText());
        assertEquals(0, first.path("unmatched").asInt());
        assertEquals(2, recording.planned("whole").getRanges().size(), "both partitions have requests");
        JsonNode both =
                recording.replay("--from", "1h", "--id", "same-2", "--model", configured, "--against", configured);
        assertEquals(CLIPS, both.path("same").asInt(), both.toString());
        assertEquals(0, both.path("most_changed").size());
        Map<String, EmotionPrediction> one = recording.predictions("whole", ReplayRun.MODEL);
        assertEquals(recording.predictions().keySet(), one.keySet());
        for (String side : List.of(ReplayRun.MODEL, ReplayRun.AGAINST)) {
            assertEquals(Recording.bytes(one), Recording.bytes(recording.predictions("same-2", side)));
            assertEquals(recording.explanations("whole", ReplayRun.MODEL), recording.explanations("same-2", side));
        }
        System.out.println("batches of 4 give the same as batches of 1 for " + first.path("same") + " of " + CLIPS);
    }

    @Test
    void theFlipsOfAnotherVersionAreCounted() throws Exception {
        Map<String, EmotionPrediction> recorded = recording.predictions();
        String clip = recorded.values().stream()
                .filter(one -> !one.getAbstained())
                .map(one -> ClipKey.name(one.getClip()))
                .findFirst()
                .orElseThrow();
        long abstained = recorded.values().stream()
                .filter(EmotionPrediction::getAbstained)
                .count();
        double agreement = abstained / (double) CLIPS;
        String right = recorded.get(clip).getEmotion().name().toLowerCase(Locale.ROOT);
        CommandResult labelled = recording.run("label", clip, right, "--annotator", "ann");
        assertEquals(0, labelled.code(), labelled.err());
        Path page = recording.folder().resolve("page");
        JsonNode report = recording.replay(
                "--from", "1h", "--id", "flips", "--model", recording.other(), "--out", page.toString());
        Map<String, Integer> expected = new HashMap<>();
        Map<String, EmotionPrediction> now = recording.predictions("flips", ReplayRun.MODEL);
        recorded.forEach((name, old) -> expected.merge(
                (old.getEmotion() + "/" + now.get(name).getEmotion()).toLowerCase(Locale.ROOT), 1, Integer::sum));
        Map<String, Integer> reported = new HashMap<>();
        report.path("emotions").fields().forEachRemaining(row -> row.getValue()
                .fields()
                .forEachRemaining(cell -> reported.put(
                        row.getKey() + "/" + cell.getKey(), cell.getValue().asInt())));
        assertEquals(expected, reported);
        assertEquals(
                agreement,
                report.path("agreement").asDouble(),
                1e-3,
                "each emotion has the name of the next, but for none");
        assertEquals(
                Math.min(10, CLIPS - report.path("same").asInt()),
                report.path("most_changed").size());
        assertEquals(1, report.path("labelled").asInt());
        assertEquals(1, report.at("/before/war").asDouble());
        assertEquals(0, report.at("/after/war").asDouble());
        assertEquals(1, report.path("lost").asInt());
        assertTrue(Files.readString(page.resolve("replay.html")).contains("labelled <b>" + right));
        assertEquals(report, JSON.readTree(page.resolve("replay.json").toFile()));
        CommandResult table = recording.run("replay", "--id", "flips", "--report");
        assertEquals(0, table.code(), table.err());
        assertTrue(table.out().contains(String.format(Locale.ROOT, "agreement      %.3f", agreement)), table.out());
        keep(page, table.out());
    }

    /** Copies page and table to the folder of {@code -Dkeep.replay=DIR}, for inspection. */
    private static void keep(Path page, String table) throws IOException {
        String kept = System.getProperty("keep.replay");
        if (kept != null) {
            Files.createDirectories(Path.of(kept));
            Files.copy(page.resolve("replay.html"), Path.of(kept, "replay.html"));
            Files.writeString(Path.of(kept, "replay.txt"), table);
        }
    }

    @Test
    void aReplayReadsOnlyTheGivenCallOrRange() throws Exception {
        JsonNode one = recording.replay("--call", "one", "--id", "call");
        assertEquals(4, one.path("clips").asInt(), one.toString());
        assertTrue(recording.predictions("call", ReplayRun.MODEL).keySet().stream()
                .allMatch(clip -> clip.startsWith("one/")));
        long from = recording.planned("call").getRanges().get(0).getFrom();
        int partition = recording.planned("call").getRanges().get(0).getPartition();
        JsonNode two = recording.replay("--offsets", partition + ":" + from + "-" + (from + 1), "--id", "range");
        assertEquals(1, two.path("clips").asInt(), two.toString());
    }

    private CountingAnalyser counting(long pause) throws IOException {
        Configuration configuration = recording.platform().configuration();
        return new CountingAnalyser(Services.loader(configuration).load(Optional.empty()), pause);
    }

    private ExplanationVerifier verifier() throws IOException {
        return WorkerVerifier.open(recording.platform().configuration());
    }

    @Test
    void aStoppedReplayContinuesAndAnswersEachRequestOnce() throws Exception {
        ReplayPlan plan = recording.plan("stopped", Topic.INFERENCE_REQUESTS, 4);
        try (CountingAnalyser analyser = counting(0);
                ExplanationVerifier verifier = verifier()) {
            assertFalse(new ReplayRun(recording.platform().clients(), plan, List.of(analyser), verifier)
                    .run(done -> {}, () -> analyser.clips() > 0));
            int done = analyser.clips();
            assertTrue(done > 0 && done < CLIPS, "stopped after " + done);
        }
        recording.refused(1, "Continue it with migr replay --id stopped.", "--id", "stopped", "--report");
        JsonNode report = recording.replay("--id", "stopped");
        assertEquals(CLIPS, report.path("clips").asInt(), report.toString());
        assertEquals(
                recording.predictions().keySet(),
                recording.predictions("stopped", ReplayRun.MODEL).keySet());
        recording.replay("--from", "1h", "--id", "whole");
        assertEquals(
                Recording.bytes(recording.predictions("whole", ReplayRun.MODEL)),
                Recording.bytes(recording.predictions("stopped", ReplayRun.MODEL)));
        recording.refused(1, "already exists, with --from 1h", "--id", "stopped", "--from", "2h");
    }

    @Test
    void twoInstancesShareAndAgreeOnThePlan() throws Exception {
        ReplayPlan plan = recording.plan("shared", Topic.INFERENCE_REQUESTS, 1);
        assertEquals(plan, recording.plan("shared", Topic.INFERENCE_REQUESTS, 3), "the first plan is kept");
        List<CountingAnalyser> analysers = List.of(counting(700), counting(700));
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            List<Future<Boolean>> instances = new ArrayList<>();
            for (CountingAnalyser analyser : analysers) {
                instances.add(threads.submit(() -> {
                    try (ExplanationVerifier verifier = verifier()) {
                        return new ReplayRun(recording.platform().clients(), plan, List.of(analyser), verifier)
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
            analysers.forEach(CountingAnalyser::close);
        }
        List<Integer> each = analysers.stream().map(CountingAnalyser::clips).collect(Collectors.toList());
        assertTrue(Collections.min(each) > 0, each + " clips each");
        assertEquals(
                recording.predictions().keySet(),
                recording.predictions("shared", ReplayRun.MODEL).keySet());
        assertEquals(
                CLIPS,
                recording.replay("--id", "shared", "--report").path("clips").asInt());
    }

    @Test
    void everyImpossibleReplayIsOneClearError() throws Exception {
        recording.refused(2, "Choose what to replay");
        recording.refused(2, "Choose what to replay", "--from-media");
        recording.refused(1, "There is no replay nobody", "--id", "nobody");
        recording.refused(2, "--report needs --id", "--report");
        recording.refused(1, "There is no version tiny-0", "--from", "1h", "--model", "tiny-0");
        recording.refused(1, "is in the future", "--from", "2999-01-01T00:00:00Z");
        recording.refused(1, "is in the future", "--from", "1h", "--to", "2999-01-01T00:00:00Z");
        recording.refused(1, "is not a time", "--from", "yesterday");
        recording.refused(1, "is not before", "--from", "1h", "--to", "2h");
        recording.refused(1, "No request was recorded in that range", "--from", "2h", "--to", "1h");
        recording.refused(1, "No clip was recorded in that range", "--from", "2h", "--to", "1h", "--from-media");
        recording.refused(1, "No request of the call three", "--call", "three");
        recording.refused(1, "use PARTITION:FROM-TO", "--offsets", "0");
        recording.refused(1, "has the partitions 0 to 1, not 7", "--offsets", "7:0-1");
        recording.refused(1, "has the offsets 0-", "--offsets", "0:0-99999");
        Path store = recording.folder().resolve("store");
        Path damaged = store.resolve(new io.migr.runtime.models.ModelRegistry(
                                recording.platform().clients(), recording.configured(), "test")
                        .version(recording.other())
                        .getSha256())
                .resolve("config.json");
        byte[] whole = Files.readAllBytes(damaged);
        Files.writeString(damaged, "{}");
        try {
            recording.refused(3, "is damaged", "--from", "1h", "--model", recording.other());
        } finally {
            Files.write(damaged, whole);
        }
        Path away = recording.folder().resolve("away");
        Files.move(store, away);
        try {
            recording.refused(3, "does not exist. Set models.store", "--from", "1h", "--model", recording.other());
        } finally {
            Files.move(away, store);
        }
    }
}
