package io.migr.integration;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs the scripts of {@code src/test/js} with the clients named by their lock file, installed by npm. */
final class NodeClients {
    static final ObjectMapper JSON = new ObjectMapper();
    private static final Path SOURCE = Path.of("src", "test", "js");
    private static final int INSTALL_SECONDS = 300;
    private static final int SCRIPT_SECONDS = 90;

    private final Path folder;

    private NodeClients(Path folder) {
        this.folder = folder;
    }

    /** The name of a required program that is not installed; null if all are. */
    static String missing() throws InterruptedException {
        for (String program : List.of("node", "npm")) {
            if (!isThere(program)) {
                return program;
            }
        }
        return null;
    }

    /** Installs the clients once for each version of the lock file. A failed install fails the test. */
    static NodeClients install() throws IOException, InterruptedException {
        Path folder = Files.createDirectories(Path.of("target", "outside-clients"));
        Path stamp = folder.resolve("installed-lock.json");
        Path lock = SOURCE.resolve("package-lock.json");
        try (var files = Files.list(SOURCE)) {
            for (Path file : files.toList()) {
                Files.copy(file, folder.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
            }
        }
        if (!Files.exists(stamp) || Files.mismatch(stamp, lock) >= 0) {
            run(folder, INSTALL_SECONDS, List.of("npm", "ci"));
            Files.copy(lock, stamp, StandardCopyOption.REPLACE_EXISTING);
        }
        return new NodeClients(folder);
    }

    private static boolean isThere(String program) throws InterruptedException {
        try {
            return new ProcessBuilder(program, "--version")
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false;
        }
    }

    /** Runs a script; returns the line of JSON that it prints. */
    JsonNode run(String script, ObjectNode options) throws IOException, InterruptedException {
        return JSON.readTree(run(folder, SCRIPT_SECONDS, List.of("node", script, options.toString())));
    }

    private static String run(Path folder, int seconds, List<String> command) throws IOException, InterruptedException {
        Path out = folder.resolve(command.get(1) + ".out");
        Path log = folder.resolve(command.get(1) + ".log");
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectOutput(out.toFile())
                .redirectError(log.toFile())
                .start();
        boolean ended = process.waitFor(seconds, TimeUnit.SECONDS);
        if (!ended) {
            process.destroyForcibly().waitFor();
        }
        assertEquals(
                0,
                ended ? process.exitValue() : -1,
                () -> command + (ended ? " failed: " : " took longer than " + seconds + " s: ") + tail(log));
        return Files.readString(out);
    }

    private static String tail(Path log) {
        try {
            String text = Files.readString(log);
            return text.substring(Math.max(0, text.length() - 4000));
        } catch (IOException e) {
            return "and its log can't be read";
        }
    }
}
