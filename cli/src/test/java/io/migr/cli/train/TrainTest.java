package io.migr.cli.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.migr.cli.Migr;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

@Tag("slow")
final class TrainTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int train(String... options) {
        CommandLine line = Migr.commandLine();
        line.setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
        List<String> words = new ArrayList<>(List.of("train"));
        words.addAll(List.of(options));
        return line.execute(words.toArray(String[]::new));
    }

    /** 100 steps are enough for a progress line, but far too few for a usable verifier. */
    @Test
    void aVerifierThatReadsBadlyIsRefusedWithItsScores(@TempDir Path folder) throws IOException {
        assertEquals(1, train("verifier", "--steps", "100", "--out", folder.toString()));
        assertTrue(err.toString().contains("verifier 100 of 100, loss "), err.toString());
        assertTrue(err.toString().contains("migr: The verifier is not accurate enough to be used: "), err.toString());
        assertEquals("", out.toString());
        try (Stream<Path> left = Files.list(folder)) {
            assertEquals(0, left.count());
        }
    }

    @Test
    void aMissingSubcommandOrABadNumberIsAUsageError(@TempDir Path folder) {
        assertEquals(2, train());
        assertTrue(err.toString().contains("migr train base or migr train verifier"), err.toString());
        assertEquals(2, train("verifier", "--steps", "0", "--out", folder.toString()));
        assertTrue(err.toString().contains("--steps must be 1 or more, not 0."), err.toString());
    }
}
