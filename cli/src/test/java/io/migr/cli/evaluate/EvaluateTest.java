package io.migr.cli.evaluate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.migr.cli.Migr;
import io.migr.corpus.Clip;
import io.migr.corpus.ClipFile;
import io.migr.corpus.Split;
import io.migr.features.ffmpeg.FfmpegProgram;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The evaluate command with the shipped weights, on a few clips. */
@Tag("slow")
final class EvaluateTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    static Path filmed;

    @TempDir
    private Path folder;

    /** The exit code and output of a command. */
    private record Call(int exit, String out, String err) {}

    private static Call evaluate(String... options) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine line = Migr.commandLine();
        line.setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
        List<String> words = new ArrayList<>(List.of("evaluate"));
        words.addAll(List.of(options));
        int exit = line.execute(words.toArray(String[]::new));
        return new Call(exit, out.toString(), err.toString());
    }

    @BeforeAll
    static void film() throws IOException, InterruptedException {
        for (int i = 0; i < 2; i++) {
            ClipFile.write(Clip.of(Split.TEST.seed(i)), filmed.resolve(i + ".mp4"), FfmpegProgram.find());
        }
    }

    /** MAFW with clips 1, 2 and 3: the third is missing, and the model does not know the second's label. */
    private Path mafw() throws IOException {
        Path fold = folder.resolve("mafw/Train & Test Set/single/no_caption/set_5");
        Path clips = folder.resolve("mafw/data/clips");
        Files.createDirectories(fold);
        Files.createDirectories(clips);
        Files.writeString(fold.resolve("test.txt"), "00001.mp4 surprise\n00002.mp4 contempt\n00003.mp4 fear\n");
        Files.copy(filmed.resolve("0.mp4"), clips.resolve("00001.mp4"));
        Files.copy(filmed.resolve("1.mp4"), clips.resolve("00002.mp4"));
        return folder.resolve("mafw");
    }

    @Test
    void jsonHasAllKeys() throws IOException {
        Call call = evaluate("--count", "6", "--json");
        assertEquals(0, call.exit(), call.err());
        JsonNode json = JSON.readTree(call.out());
        for (String key : List.of("model_version", "split", "clips", "order", "decoding", "confusion", "calibration")) {
            assertTrue(json.has(key), key);
        }
        for (String key : List.of(
                "clips",
                "war",
                "uar",
                "bayes",
                "share",
                "importance",
                "order",
                "consistent",
                "ir",
                "answer",
                "format",
                "first_ir",
                "cue_precision",
                "intervals")) {
            assertTrue(json.path("all").has(key), key);
        }
        assertEquals(6, json.path("clips").asInt());
        assertEquals("greedy", json.path("decoding").asText());
        List<String> readers = new ArrayList<>();
        json.path("readings")
                .forEach(reading -> readers.add(reading.path("reader").asText()));
        assertTrue(readers.containsAll(List.of("grammar", "text", "cues", "leading_cues")), readers.toString());
    }

    @Test
    void outContainsThePageTheMetricsAndTheOutcomes() throws IOException {
        Path out = folder.resolve("out");
        Call call = evaluate("--count", "12", "--drift", "4", "--temperature", "0.3", "--out", out.toString());
        assertEquals(0, call.exit(), call.err());
        assertTrue(call.err().contains("12 of 12 clips"), call.err());
        assertTrue(call.out().contains(" on 12 clips of the test split"), call.out());
        String page = Files.readString(out.resolve("evaluation.html"));
        assertTrue(page.contains("temperature 0.3, top-p 1.0, seed 1"));
        assertTrue(page.contains("What if the clip is replaced"));
        JsonNode json = JSON.readTree(out.resolve("metrics.json").toFile());
        assertEquals(4, json.path("drift").path("clips").asInt());
        assertEquals(12, Files.readAllLines(out.resolve("outcomes.jsonl")).size());
    }

    @Test
    void sampledTextsAreTheSameOnlyForTheSameSeed() throws IOException {
        List<String> once = drawn("1");
        assertEquals(once, drawn("1"));
        assertNotEquals(once, drawn("2"));
    }

    private List<String> drawn(String seed) throws IOException {
        Path out = folder.resolve("drawn");
        String[] options = {"--count", "4", "--temperature", "0.9", "--seed", seed, "--out", out.toString()};
        assertEquals(0, evaluate(options).exit());
        return Files.readAllLines(out.resolve("outcomes.jsonl"));
    }

    @Test
    void nothingIsMeasuredWhileAVideoIsMissing() throws IOException {
        Call call = evaluate("--benchmark", "mafw", "--path", mafw().toString());
        assertEquals(1, call.exit());
        assertTrue(call.err().contains("1 missing video:\n  missing video: 00003.mp4: it is not in"), call.err());
        assertTrue(call.err().contains("the 2 clips that can be used"), call.err());
        assertEquals("", call.out());
    }

    @Test
    void anAllowedMissingVideoIsReportedAndTheRestMeasured() throws IOException {
        Call call = evaluate("--benchmark", "MAFW", "--path", mafw().toString(), "--allow-missing", "--json");
        assertEquals(0, call.exit(), call.err());
        assertTrue(call.err().contains("missing video: 00003.mp4"), call.err());
        JsonNode json = JSON.readTree(call.out());
        assertEquals("mafw", json.path("benchmark").asText());
        assertEquals(5, json.path("fold").asInt());
        assertEquals(2, json.path("clips").asInt());
        assertTrue(json.path("all").path("order").isNull()
                && json.path("all").path("cue_recall").isNull());
        assertFalse(json.path("all").path("tokens").isNull());
        assertTrue(json.path("all").path("war").asDouble() <= 0.5, "the model cannot predict contempt");
        assertTrue(json.has("face-and-voice"), json.toString());
        assertEquals(
                "Not measured on: 1 missing video.", json.path("notes").get(0).asText());
        assertTrue(
                json.path("notes").get(1).asText().contains("contempt (1)"),
                json.path("notes").toString());
    }

    @Test
    void aVideoThatCannotBeDecodedIsReportedAndFailsTheRun() throws IOException {
        Path root = folder.resolve("dfew");
        Path fold = root.resolve("EmoLabel_DataSplit/test(single-labeled)");
        Files.createDirectories(fold);
        Files.createDirectories(root.resolve("Clip/original"));
        Files.writeString(fold.resolve("set_1.csv"), "video_name,label\n1,5\n2,5\n");
        Files.copy(filmed.resolve("0.mp4"), root.resolve("Clip/original/1.mp4"));
        Files.writeString(root.resolve("Clip/original/2.mp4"), "no video");
        Path out = folder.resolve("out");
        Call call = evaluate("--benchmark", "dfew", "--path", root.toString(), "--fold", "1", "--out", out.toString());
        assertEquals(1, call.exit(), call.err());
        assertTrue(call.out().contains("on 1 clips of dfew fold 1"), call.out());
        assertTrue(call.err().contains("1 unusable video:\n  unusable video: 2: "), call.err());
        assertTrue(Files.readString(out.resolve("unusable.txt")).startsWith("unusable video: 2: "));
        assertTrue(Files.readString(out.resolve("evaluation.html")).contains("Not measured on: 1 unusable video."));
    }

    @Test
    void aCountBeyondTheSplitIsRefused() {
        Call call = evaluate("--split", "ood", "--count", "1001");
        assertEquals(2, call.exit());
        assertTrue(call.err().contains("--count must be 1 to 1000"), call.err());
    }
}
