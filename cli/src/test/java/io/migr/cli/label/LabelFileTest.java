package io.migr.cli.label;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.migr.cli.Migr;
import io.migr.schemas.ClipKey;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class LabelFileTest {
    @TempDir
    Path folder;

    private LabelFile read(String text) throws IOException {
        Path file = Files.write(folder.resolve("labels.csv"), text.getBytes(StandardCharsets.ISO_8859_1));
        return LabelFile.read(file, "", "me", Instant.EPOCH);
    }

    private static List<String> words(LabelFile file) {
        return file.labels().stream()
                .map(label -> ClipKey.name(label.getClip()) + " " + LabelFile.word(label.getEmotion()) + " "
                        + label.getAnnotator())
                .toList();
    }

    @Test
    void badLinesAreNumberedAndTheOthersAreRead() throws IOException {
        LabelFile file = read("clip,emotion,annotator\r\nc/p/0,happy,ann\r\nc/p/1,hapy\r\n\r\nc/p,sad\nc/p/2, SAD \n"
                + "c/p/3,fear,\"Doe, \"\"J\"\"\"\nc/p/4\n\u00ff\u00fe,sad\nc/p/5,\"sad\nc/p/6,unknown\na,b,c,d");
        assertEquals(List.of("c/p/0 happy ann", "c/p/2 sad me", "c/p/3 fear Doe, \"J\""), words(file));
        List<String> starts = List.of(
                "line 3: \"hapy\" is not an emotion of the label set: happy, sad, neutral, angry, surprise, disgust,"
                        + " fear,",
                "line 5: A clip is named callId/participantId/sequence",
                "line 8: A line must be clip,emotion or clip,emotion,annotator, not \"c/p/4\"",
                "line 9: A clip is named",
                "line 10: A quote is opened but not closed",
                "line 11: \"unknown\" is not an emotion",
                "line 12: A line must be clip,emotion");
        assertEquals(starts.size(), file.problems().size(), file.problems().toString());
        for (int i = 0; i < starts.size(); i++) {
            String problem = file.problems().get(i);
            assertTrue(problem.contains("labels.csv " + starts.get(i)), problem);
        }
    }

    @Test
    void theFirstLineMayBeALabelAndMayStartWithAByteOrderMark() throws IOException {
        assertEquals(List.of("c/p/0 happy me"), words(read("\u00ef\u00bb\u00bfc/p/0,happy")));
        assertEquals(List.of("c/p/0 happy me"), words(read("\u00ef\u00bb\u00bfClip , Emotion\nc/p/0,happy,")));
        assertThrows(
                IllegalArgumentException.class,
                () -> LabelFile.read(folder.resolve("none.csv"), "", "me", Instant.EPOCH));
    }

    @Test
    void theGivenCallPrefixesTheClipsOfATable() throws IOException {
        Path file = Files.writeString(folder.resolve("corpus.csv"), "clip,emotion,annotator\nrl-7/0,sad,truth\n");
        assertEquals(List.of("dark/rl-7/0 sad truth"), words(LabelFile.read(file, "dark/", "me", Instant.EPOCH)));
    }

    /** The emotion is checked before a broker is contacted. */
    @Test
    void anUnknownEmotionIsOneErrorThatListsTheSet() {
        StringWriter err = new StringWriter();
        CommandLine line = Migr.commandLine();
        line.setErr(new PrintWriter(err));
        String[] unreachable = {"label", "c/p/0", "hapy", "--kafka-bootstrap-servers", "127.0.0.1:1"};
        assertEquals(2, line.execute(unreachable));
        assertTrue(
                err.toString()
                        .startsWith("\"hapy\" is not an emotion of the label set: happy, sad, neutral, angry, surprise,"
                                + " disgust, fear, contempt, anxiety, helplessness, disappointment."),
                err.toString());
        assertEquals(2, line.execute("label", "c/p/0"));
        assertEquals(2, line.execute("label", "c/p/0", "sad", "--file", "x.csv"));
        assertEquals(2, line.execute("label", "c/p/0", "sad", "--call", "c"));
    }
}
