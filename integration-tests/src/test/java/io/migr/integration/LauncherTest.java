package io.migr.integration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The script {@code ./migr} with programs that only print how they were called in place of Java and Maven. */
@DisabledOnOs(OS.WINDOWS)
class LauncherTest {
    @TempDir
    Path folder;

    private Path program(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, "#!/bin/sh\n" + text);
        assertTrue(file.toFile().setExecutable(true));
        return file;
    }

    private String run(Path clone) throws Exception {
        ProcessBuilder builder =
                new ProcessBuilder(clone.resolve("migr").toString(), "doctor").redirectErrorStream(true);
        builder.environment().put("JAVA_HOME", folder.resolve("jdk").toString());
        builder.environment().put("PATH", folder.resolve("bin") + ":" + System.getenv("PATH"));
        builder.environment().put("TMPDIR", "/tmp/with space");
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return output;
    }

    @Test
    void aMovedCloneFindsItsBuildAgain() throws Exception {
        program(
                folder.resolve("jdk/bin/java"),
                "[ \"$1\" = -version ] && { echo 'openjdk version \"17.0.1\"' >&2; exit 0; }\n"
                        + "for word in \"$@\"; do echo \"$word\"; done\n");
        program(folder.resolve("bin/mvn"), "exit 1\n");
        Path clone = folder.resolve("old");
        Path script = Path.of("").toAbsolutePath().getParent().resolve("migr");
        program(clone.resolve("migr"), "");
        Files.copy(script, clone.resolve("migr"), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        Files.createDirectories(clone.resolve("room/src/main"));
        Files.writeString(clone.resolve("pom.xml"), "");
        Files.writeString(clone.resolve("room/pom.xml"), "");
        Path classes = Files.createDirectories(clone.resolve("room/target/classes"));
        Path library = Files.writeString(folder.resolve("library.jar"), "");
        Files.createDirectories(clone.resolve("cli/target"));
        Files.writeString(clone.resolve("cli/target/migr.classpath"), classes + ":" + library);
        Files.writeString(clone.resolve("cli/target/migr.built"), clone.toString());
        assertTrue(run(clone).contains(classes + ":" + library));

        Path moved = Files.move(clone, folder.resolve("new"));
        for (int time = 0; time < 2; time++) {
            String output = run(moved);
            assertTrue(
                    output.contains("\n" + moved.resolve("cli/target/classes") + ":"
                            + moved.resolve("room/target/classes") + ":" + library + "\n"),
                    output);
            assertTrue(output.contains("\n-Djava.io.tmpdir=/tmp/with space\n"), output);
        }

        Files.delete(library);
        String output = run(moved);
        assertTrue(output.contains("migr: building"), output);
        assertEquals(-1, output.indexOf("io.migr.cli.Migr"), output);
    }
}
