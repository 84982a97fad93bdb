package io.migr.cli.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.migr.cli.Migr;
import io.migr.runtime.config.Key;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** {@code docs/configuration.md} is what {@code migr config --markdown} prints. */
class ConfigurationPageTest {
    private static final Path FILE = Path.of("").toAbsolutePath().resolveSibling("docs/configuration.md");

    private static String printed() {
        StringWriter printed = new StringWriter();
        CommandLine migr = Migr.commandLine().setOut(new PrintWriter(printed));
        assertEquals(0, migr.execute("config", "--markdown"));
        return printed.toString();
    }

    @Test
    void theFileIsCurrent() throws IOException {
        assertEquals(
                Files.readString(FILE),
                printed(),
                "docs/configuration.md is not current. Run ./migr config --markdown > docs/configuration.md");
    }

    @Test
    void everyKeyHasItsDefault() {
        String page = printed();
        for (Key key : Key.values()) {
            String value = key.fallback().isEmpty() ? "" : "`" + key.fallback() + "`";
            assertTrue(page.contains("| `" + key.property() + "` | " + value + " | "), key.property());
        }
    }

    @Test
    void noMeaningBreaksTheTable() {
        printed()
                .lines()
                .filter(line -> line.startsWith("| `") && !line.startsWith("| `MIGR_"))
                .forEach(line ->
                        assertEquals(5, line.chars().filter(c -> c == '|').count(), line));
    }
}
