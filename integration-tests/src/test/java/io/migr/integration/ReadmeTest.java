package io.migr.integration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.migr.cli.Migr;
import io.migr.integration.DocumentedCommands.Command;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine.ParameterException;

/**
 * Runs the commands of README.md and docs/*.md, as written and in their order, in processes of their own, with one data
 * folder for all of them. A command that occurs several times runs once.
 */
@Tag("slow")
class ReadmeTest {
    private static final Path ROOT = Path.of("").toAbsolutePath().getParent();
    private static final long LONGEST_S = 600;
    /** Commands that take long: it is enough that they start and print their progress. */
    private static final Map<String, String> LONG = Map.of(
            "./migr evaluate", "of 4000 clips",
            "./migr train base", "render validation",
            "./migr train verifier", "verifier 100 of 2500",
            "./migr experiment", "render sft 64 of");

    private static List<Command> commands() throws IOException {
        return DocumentedCommands.pages(ROOT).stream()
                .flatMap(page -> DocumentedCommands.inBlocks(page).stream())
                .toList();
    }

    @Test
    void theTestCommandIsTheOneThatContinuousIntegrationRuns() throws IOException {
        List<String> maven = commands().stream()
                .map(Command::text)
                .filter(line -> line.startsWith("mvn "))
                .toList();
        assertEquals(1, maven.size());
        assertTrue(Files.readString(ROOT.resolve(".ci/run")).contains("exec " + maven.get(0) + "\n"));
    }

    /** Also for commands that are not run here: the command, every option and every fixed value exist. */
    @Test
    void everyCommandIsUnderstood() throws IOException {
        List<Command> all = new ArrayList<>(commands());
        for (Path page : DocumentedCommands.pages(ROOT)) {
            all.addAll(DocumentedCommands.inText(page));
        }
        List<String> problems = new ArrayList<>();
        for (Command command : all) {
            if (command.isMigr()) {
                try {
                    Migr.commandLine().parseArgs(command.words().toArray(String[]::new));
                } catch (ParameterException e) {
                    problems.add(command.place() + ": " + command.text() + ": " + e.getMessage());
                }
            } else if (command.runs() && !command.text().startsWith("mvn ")) {
                problems.add(command.place() + ": nothing runs " + command.text());
            }
        }
        assertEquals(List.of(), problems);
        assertTrue(all.size() >= 60, all.size() + " commands were found");
    }

    @Test
    void whatDoesNotExistIsNoticed() {
        for (String wrong :
                List.of("./migr fly", "./migr watch --colour", "./migr serve kettle", "./migr feed clips")) {
            Command command = new Command("nowhere", wrong, "");
            assertThrows(
                    ParameterException.class,
                    () -> Migr.commandLine().parseArgs(command.words().toArray(String[]::new)),
                    wrong);
        }
    }

    @Test
    void everyCommandRunsAsWritten(@TempDir Path folder) throws Exception {
        Process up = null;
        Set<String> ran = new HashSet<>();
        Path log = folder.resolve("up.log");
        try {
            Map<String, String> places = places(folder);
            linkPlans(folder);
            for (Command command : commands()) {
                if (!command.runs() || !command.isMigr() || !ran.add(command.text())) {
                    continue;
                }
                long began = System.nanoTime();
                if (command.text().equals("./migr up")) {
                    up = start(command, places, folder, log);
                    await(up, log, "ready:");
                } else {
                    run(command, places, folder);
                }
                System.out.printf("%5.1f s  %s%n", (System.nanoTime() - began) / 1e9, command.text());
            }
        } finally {
            if (up != null) {
                up.destroy();
                assertTrue(up.waitFor(60, TimeUnit.SECONDS), "migr up did not stop");
            }
        }
        assertTrue(up != null && ran.size() >= 20, ran.size() + " commands ran");
    }

    /** Links the plans of experiments into the working folder: documents name them relative to the repository. */
    private static void linkPlans(Path folder) throws IOException {
        for (String room : List.of("trainer", "lab")) {
            if (Files.isDirectory(ROOT.resolve(room).resolve("experiments"))) {
                Files.createSymbolicLink(folder.resolve(room), ROOT.resolve(room));
            }
        }
    }

    private static void run(Command command, Map<String, String> places, Path folder) throws Exception {
        Path log = folder.resolve("command.log");
        Process process = start(command, places, folder, log);
        String longOne = longOne(command.text());
        if (longOne != null) {
            await(process, log, longOne);
            process.destroyForcibly().waitFor();
            return;
        }
        boolean ended = process.waitFor(LONGEST_S, TimeUnit.SECONDS);
        if (!ended) {
            ServiceProcess.dumpThreads(process);
        }
        process.destroyForcibly();
        assertTrue(ended, command + " does not end: " + Files.readString(log));
        assertEquals(0, process.exitValue(), command + ": " + Files.readString(log));
    }

    private static String longOne(String command) {
        return LONG.entrySet().stream()
                .filter(one -> command.startsWith(one.getKey()) && !command.contains("--count"))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse(null);
    }

    /** Ports and a data folder for this test only, instead of the defaults. */
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

    private static Process start(Command command, Map<String, String> environment, Path folder, Path log)
            throws IOException {
        List<String> words = new ArrayList<>(ServiceProcess.java("-Xmx2g"));
        words.addAll(command.words());
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
