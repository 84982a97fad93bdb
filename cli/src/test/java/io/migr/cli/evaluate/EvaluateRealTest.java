package io.migr.cli.evaluate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.migr.cli.Migr;
import io.migr.corpus.Clip;
import io.migr.corpus.ClipTruth;
import io.migr.corpus.Split;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.LongStream;
import javax.imageio.ImageIO;
import javax.sound.sampled.AudioFileFormat;
import javax.sound.sampled.AudioFormat;
import javax.sound.sampled.AudioInputStream;
import javax.sound.sampled.AudioSystem;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** {@code evaluate --real} on folders of drawn faces and synthetic sounds. */
@Tag("slow")
final class EvaluateRealTest {
    /** Where action unit 12 stands among the units of drawn faces. */
    private static final int SMILE = 8;

    @TempDir
    private Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int evaluate(String... more) {
        CommandLine line = Migr.commandLine();
        line.setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
        String[] words = {"evaluate", "--real", folder.toString()};
        return line.execute(java.util.stream.Stream.of(words, more)
                .flatMap(java.util.Arrays::stream)
                .toArray(String[]::new));
    }

    private JsonNode row(String name) throws IOException {
        for (JsonNode row : new ObjectMapper().readTree(out.toString()).path("rows")) {
            if (row.path("name").asText().equals(name)) {
                return row;
            }
        }
        throw new AssertionError("no row " + name + " in " + out);
    }

    private void assertRow(String name, int hits, int n) throws IOException {
        assertEquals(hits, row(name).path("hits").asInt(), out.toString());
        assertEquals(n, row(name).path("n").asInt(), out.toString());
    }

    private void labels(String entries) throws IOException {
        Files.writeString(folder.resolve("labels.json"), entries);
    }

    /** A clip whose face smiles strongly. */
    private static Clip smiling() {
        return LongStream.range(0, 500)
                .map(i -> Split.TEST.seed((int) i))
                .filter(seed -> {
                    ClipTruth truth = ClipTruth.of(seed);
                    return truth.units() != null && truth.units()[SMILE] && truth.intensities()[SMILE] > 0.9;
                })
                .mapToObj(Clip::of)
                .findFirst()
                .orElseThrow();
    }

    private void wav(String name, float[] samples) throws IOException {
        byte[] bytes = new byte[2 * samples.length];
        for (int i = 0; i < samples.length; i++) {
            int value = Math.round(Math.max(-1, Math.min(1, samples[i])) * 32767);
            bytes[2 * i] = (byte) value;
            bytes[2 * i + 1] = (byte) (value >> 8);
        }
        AudioFormat format = new AudioFormat(Clip.SAMPLE_RATE, 16, 1, true, false);
        AudioSystem.write(
                new AudioInputStream(new ByteArrayInputStream(bytes), format, samples.length),
                AudioFileFormat.Type.WAVE,
                folder.resolve(name).toFile());
    }

    @Test
    void facesAreCounted() throws IOException {
        ImageIO.write(
                smiling().picture(1.2, 224), "png", folder.resolve("face.png").toFile());
        ImageIO.write(
                new BufferedImage(224, 224, BufferedImage.TYPE_INT_RGB),
                "png",
                folder.resolve("black.png").toFile());
        labels("{\"entries\":[{\"file\":\"face.png\",\"faces\":1,\"pose\":\"frontal\",\"au_present\":[12],"
                + "\"au_unsure\":[25],\"face_box_detected\":[40,40,180,180]},"
                + "{\"file\":\"black.png\",\"faces\":0},{\"file\":\"gone.png\",\"faces\":0}]}");
        Path answers = folder.resolve("answers");
        assertEquals(1, evaluate("--json", "--out", answers.toString()), err.toString());
        assertTrue(err.toString().contains("not counted: gone.png: there is no such file"), err.toString());
        assertRow("found, near-frontal, >= 55 px wide", 1, 1);
        assertRow("nothing found, no face", 1, 1);
        assertRow("AU 12 called, present", 1, 1);
        assertEquals(1, row("darkened to a tenth: found").path("n").asInt());
        assertTrue(!out.toString().contains("AU 25"), out.toString());
        List<String> lines = Files.readAllLines(answers.resolve("answers.jsonl"));
        assertEquals(3, lines.size());
        JsonNode face = new ObjectMapper().readTree(lines.get(0));
        assertEquals("face.png", face.path("file").asText());
        assertTrue(face.path("expression").path("happy").asDouble() > 0.5, lines.get(0));
        JsonNode black = new ObjectMapper().readTree(lines.get(1));
        assertEquals(
                "no face was found; nobody speaks",
                black.path("abstained_reason").asText());
        JsonNode dark = new ObjectMapper().readTree(lines.get(2));
        assertEquals("darkened to a tenth", dark.path("variant").asText());
    }

    @Test
    void voicesAreCounted() throws IOException {
        wav("speech.wav", Clip.of(Split.TEST.seed(0)).samples());
        wav("silence.wav", new float[2 * Clip.SAMPLE_RATE]);
        labels("[{\"id\":\"a\",\"file\":\"speech.wav\",\"kind\":\"speech\",\"voiced\":\"yes\"},"
                + "{\"id\":\"b\",\"file\":\"silence.wav\",\"kind\":\"nonvoice\",\"voiced\":\"no\"}]");
        Files.writeString(
                folder.resolve("variants.json"), "[{\"of\":\"a\",\"variant\":\"g711\",\"file\":\"speech.wav\"}]");
        assertEquals(0, evaluate("--json"), err.toString());
        assertRow("speech heard, speech", 1, 1);
        assertRow("speech heard, speech as g711", 1, 1);
        assertRow("speech heard, no voice (false)", 0, 1);
        assertRow("prediction abstained", 3, 3);
    }

    @Test
    void aWrongFolderIsRefused() {
        assertEquals(2, evaluate());
        assertTrue(err.toString().contains("has no labels.json. It must be"), err.toString());
    }

    @Test
    void otherSourcesAreExcluded() {
        assertEquals(2, evaluate("--count", "3"));
        assertTrue(err.toString().contains("--real and --count cannot be given together."), err.toString());
    }
}
