package io.migr.integration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs the README's commands, as written and in their order, in processes of their own. */
@Tag("slow")
class ReadmeTest {
    private static final Path ROOT = Path.of("").toAbsolutePath().getParent();
    private static final long LONGEST_S = 180;
    /** Commands that take long: it is enough that they start and say how far they are. */
    private static final Map<String, String> LONG = Map.of(
            "./migr evaluate", "of 4000 clips",
            "./migr train base", "render validation",
            "./migr train verifier", "verifier 100 of 2500",
            "./migr experiment", "render sft 64 of");

    private static List<String> commands() throws IOException {
        List<String> commands = new ArrayList<>();
        boolean code = false;
        for (String line : Files.readAllLines(ROOT.resolve("README.md"))) {
            code = line.startsWith("```") ? line.equals("```bash") : code;
            if (code && !line.startsWith("```") && !line.isBlank()) {
                commands.add(line.replaceAll("\\s+#.*", "").strip());
            }
        }
        return commands;
    }

    @Test
    void theTestCommandIsTheOneThatIsRunHere() throws IOException {
        List<String> maven =
                commands().stream().filter(line -> line.startsWith("mvn ")).toList();
        assertEquals(1, maven.size());
        assertTrue(Files.readString(ROOT.resolve(".ci/run")).contains("exec " + maven.get(0) + "\n"));
    }

    @Test
    void everyCommandRunsAsWritten(@TempDir Path folder) throws Exception {
        Process up = null;
        int ran = 0;
        Path log = folder.resolve("up.log");
        try {
            Map<String, String> places = places(folder);
            // a newcomer stands in the clone, where plans lie
            Files.createSymbolicLink(folder.resolve("trainer"), ROOT.resolve("trainer"));
            for (String command : commands()) {
                if (!command.startsWith("./migr ")) {
                    continue;
                }
                ran++;
                long began = System.nanoTime();
                String longOne = longOne(command);
                if (command.equals("./migr up")) {
                    up = start(command, places, folder, log);
                    await(up, log, "ready:");
                } else if (longOne != null) {
                    Path progress = folder.resolve("long.log");
                    Process process = start(command, places, folder, progress);
                    await(process, progress, longOne);
                    process.destroyForcibly().waitFor();
                } else {
                    Path said = folder.resolve("command.log");
                    Process process = start(command, places, folder, said);
                    boolean ended = process.waitFor(LONGEST_S, TimeUnit.SECONDS);
                    if (!ended) {
                        ServiceProcess.dumpThreads(process);
                    }
                    process.destroyForcibly();
                    assertTrue(ended, command + " does not end: " + Files.readString(said));
                    assertEquals(0, process.exitValue(), command + ": " + Files.readString(said));
                }
                System.out.printf("%5.1f s  %s%n", (System.nanoTime() - began) / 1e9, command);
            }
        } finally {
            if (up != null) {
                up.destroy();
                assertTrue(up.waitFor(60, TimeUnit.SECONDS), "migr up does not stop");
            }
        }
        assertTrue(up != null && ran >= 8, ran + " commands of the README ran");
    }

    private static String longOne(String command) {
        return LONG.entrySet().stream()
                .filter(one -> command.startsWith(one.getKey()) && !command.contains("--count"))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse(null);
    }

    /** Ports and a data folder of this test alone, where a newcomer has the usual ones. */
    private static Map<String, String> places(Path folder) throws IOException {
        int kafka = free();
        int registry = free();
        return Map.of(
                "MIGR_HOME", ROOT.toString(),
                "MIGR_DATA_FOLDER", folder.resolve("data").toString(),
                "MIGR_EMBEDDED_KAFKA_PORT", String.valueOf(kafka),
                "MIGR_EMBEDDED_REGISTRY_PORT", String.valueOf(registry),
                "MIGR_HTTP_PORT", String.valueOf(free()),
                "MIGR_KAFKA_BOOTSTRAP_SERVERS", "127.0.0.1:" + kafka,
                "MIGR_SCHEMA_REGISTRY_URL", "http://127.0.0.1:" + registry);
    }

    private static int free() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static Process start(String command, Map<String, String> environment, Path folder, Path log)
            throws IOException {
        List<String> words = new ArrayList<>(ServiceProcess.java("-Xmx2g"));
        words.addAll(List.of(command.split(" ")).subList(1, command.split(" ").length));
        ProcessBuilder builder = new ProcessBuilder(words)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment().putAll(environment);
        return builder.start();
    }

    private static void await(Process process, Path log, String word) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(LONGEST_S);
        while (!Files.readString(log).contains(word)) {
            assertTrue(process.isAlive() && System.nanoTime() < deadline, Files.readString(log));
            Thread.sleep(200);
        }
    }
}
