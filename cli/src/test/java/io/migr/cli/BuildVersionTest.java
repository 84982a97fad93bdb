package io.migr.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class BuildVersionTest {
    /** A tag or an abbreviated commit, then a mark of local changes; or unknown outside a Git repository. */
    private static final Pattern LINE = Pattern.compile(
            "migr (\\d+\\.\\d+\\.\\d+(?:-SNAPSHOT)?) \\(commit (unknown|[\\w.-]*[0-9a-f]{7,}(?:-modified)?)\\)");

    @Test
    void versionOptionPrintsVersionAndCommit() {
        StringWriter out = new StringWriter();
        CommandLine line = Migr.commandLine().setOut(new PrintWriter(out));
        assertEquals(0, line.execute("--version"));
        Matcher matcher = LINE.matcher(out.toString().strip());
        assertTrue(matcher.matches(), out.toString());
    }
}
