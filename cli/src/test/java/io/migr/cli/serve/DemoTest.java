package io.migr.cli.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
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
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** {@code migr demo} as JSON and on one's own files, with a broker of its own. */
@Tag("slow")
final class DemoTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    static Path folder;

    private static Path clip;
    private static Path recording;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    /** A drawn clip of 3 s, and 9 s of it, one after another. */
    @BeforeAll
    static void write() throws IOException, InterruptedException {
        FfmpegProgram ffmpeg = FfmpegProgram.find();
        clip = folder.resolve("drawn.mp4");
        ClipFile.write(Clip.of(Split.TEST.seed(0)), clip, ffmpeg);
        recording = folder.resolve("long.mp4");
        String words = "-v error -stream_loop 2 -i " + clip + " -c:v libopenh264 -c:a aac -t 9 -y " + recording;
        Process process = ffmpeg.command("ffmpeg", List.of(words.split(" ")))
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), output);
    }

    private int demo(Object... options) {
        CommandLine line = Migr.commandLine();
        line.setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
        List<String> words = new ArrayList<>(List.of("demo"));
        for (Object option : options) {
            words.add(option.toString());
        }
        return line.execute(words.toArray(String[]::new));
    }

    private List<JsonNode> objects() throws IOException {
        List<JsonNode> objects = new ArrayList<>();
        for (String line : out.toString().lines().toList()) {
            objects.add(JSON.readTree(line));
        }
        return objects;
    }

    @Test
    void eachResultIsAnObjectWithItsTruth() throws IOException {
        assertEquals(0, demo("--json"), err.toString());
        List<JsonNode> objects = objects();
        List<String> truths = new ArrayList<>();
        int right = 0;
        int abstained = 0;
        int leads = 0;
        int wrong = 0;
        for (JsonNode object : objects.subList(0, objects.size() - 1)) {
            JsonNode truth = object.path("truth");
            assertEquals("demo/ann/" + (8 + truths.size()), object.path("clip").asText());
            truths.add(
                    truth.path("regime").asText() + " " + truth.path("emotion").asText());
            boolean same = truth.path("emotion").equals(object.path("emotion"));
            boolean silent = object.path("abstained").asBoolean();
            abstained += silent ? 1 : 0;
            right += same && !silent ? 1 : 0;
            wrong += !same && !silent ? 1 : 0;
            leads += truth.path("leads")
                            .equals(object.path("modality_importance").path("dominant"))
                    ? 1
                    : 0;
            assertFalse(object.path("baseline").isNull(), "the usual of this person is known: " + object);
        }
        assertEquals(
                List.of(
                        "visual-dominant happy",
                        "visual-dominant neutral",
                        "visual-dominant surprise",
                        "visual-dominant sad",
                        "visual-dominant angry"),
                truths.subList(0, 5));
        assertTrue(truths.get(5).startsWith("face-hidden "), truths.toString());
        JsonNode summary = objects.get(objects.size() - 1).path("summary");
        assertEquals(6, summary.path("clips").asInt(), out.toString());
        assertEquals(right, summary.path("emotions_right").asInt(), out.toString());
        assertEquals(abstained, summary.path("abstained").asInt(), out.toString());
        assertEquals(leads, summary.path("leads_right").asInt(), out.toString());
        assertTrue(right >= 3 && wrong == 0, out.toString());
    }

    @Test
    void filesOfOnesOwnAreCutAndAnsweredInOrder() throws IOException {
        assertEquals(
                0, demo("--mine", clip, "--mine", recording, "--json", "--clip-segment-seconds", "3"), err.toString());
        List<JsonNode> objects = objects();
        List<String> clips = objects.stream()
                .filter(object -> object.has("clip"))
                .map(object -> object.path("clip").asText() + " "
                        + object.path("start_ms").asLong() / 1000)
                .toList();
        assertEquals(
                List.of("mine/drawn.mp4/0 0", "mine/long.mp4/0 0", "mine/long.mp4/1 3", "mine/long.mp4/2 6"), clips);
        assertEquals(recording.toString(), objects.get(1).path("file").asText());
        JsonNode summary = objects.get(objects.size() - 1).path("summary");
        assertEquals(clips.size() + 1, objects.size());
        assertEquals(clips.size(), summary.path("clips").asInt(), out.toString());
        int abstained = 0;
        for (JsonNode object : objects.subList(0, clips.size())) {
            abstained += object.path("abstained").asBoolean() ? 1 : 0;
        }
        assertEquals(abstained, summary.path("abstained").asInt(), out.toString());
        assertEquals(clips.size() - abstained, summary.path("answered").asInt(), out.toString());
    }

    @Test
    void theFolderIsRemovedWithAllThatIsInIt() throws IOException {
        Path path;
        try (DemoFolder kept = DemoFolder.create()) {
            path = kept.path();
            Files.writeString(
                    Files.createDirectories(path.resolve("kafka/clips-0")).resolve("0.log"), "a clip");
            assertFalse(kept.stopping());
        }
        assertFalse(Files.exists(path));
    }

    @Test
    void textSaysWhenEachClipBeginsAndOneLineSumsUp() {
        assertEquals(0, demo("--mine", clip), err.toString());
        List<String> lines = out.toString().lines().toList();
        assertTrue(lines.get(0).startsWith("0.0 s  mine/drawn.mp4/0  "), out.toString());
        String last = lines.get(lines.size() - 1);
        assertTrue(Pattern.matches("1 clip: \\d answered.*; \\d abstained.*\\.", last), last);
        assertTrue(err.toString().contains("on this machine only, and nothing is kept"), err.toString());
    }

    @Test
    void aClipThatCannotBeDecodedIsADeadLetterInItsPlace() throws IOException {
        assertEquals(1, demo("--mine", clip, "--json", "--clip-max-seconds", "1"), err.toString());
        JsonNode object = objects().get(0);
        assertEquals("mine/drawn.mp4/0", object.path("clip").asText());
        assertTrue(object.path("dead_letter").asText().contains("longer than the limit of 1 s"), out.toString());
        assertEquals(1, objects().get(1).path("summary").path("dead_letters").asInt(), out.toString());
    }

    private void assertRefused(Path file, String reason) {
        err.getBuffer().setLength(0);
        assertEquals(1, demo("--mine", file));
        assertTrue(err.toString().contains(reason), err.toString());
        assertEquals(1, err.toString().lines().count(), err.toString());
        assertEquals("", out.toString());
    }

    @Test
    void whatCannotBeAnalysedIsRefusedInOneLineBeforeAnythingStarts() throws IOException {
        assertRefused(folder.resolve("none.mp4"), "There is no file");
        assertRefused(folder.resolve("none.png"), "There is no file");
        assertRefused(folder, "is a folder. Give each file");
        assertRefused(Files.write(folder.resolve("empty.mp4"), new byte[0]), "is empty (0 bytes)");
        assertRefused(Files.write(folder.resolve("empty.jpg"), new byte[0]), "is empty (0 bytes)");
        assertRefused(Files.writeString(folder.resolve("notes.mp4"), "no recording"), "it is text, not a recording");
        assertRefused(Files.writeString(folder.resolve("notes.png"), "no picture"), "is not a readable picture");
    }

    @Test
    void ownFilesAndDrawnClipsExcludeEachOther() {
        assertEquals(2, demo("--mine", clip, "--keep", folder));
        assertEquals(2, demo("--mine", clip, "--from", "0"));
        assertTrue(err.toString().contains("--mine analyses your own files; --keep and --from"), err.toString());
    }
}
