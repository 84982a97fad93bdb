package io.migr.cli.doctor;

import ai.djl.engine.Engine;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.migr.cli.setup.InstallationFolders;
import io.migr.cli.setup.Settings;
import io.migr.embedded.EnvironmentException;
import io.migr.features.ffmpeg.FfmpegProgram;
import io.migr.model.checkpoint.EmotionModel;
import io.migr.runtime.config.Configuration;
import io.migr.runtime.config.Key;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Checks that this machine has what migr needs. */
@Command(
        name = "doctor",
        mixinStandardHelpOptions = true,
        description = "Checks whether this machine has what migr needs. Exit code 3: something is missing.")
public final class Doctor implements Callable<Integer> {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long ENOUGH_MEMORY_MB = 1_500;
    private static final long ENOUGH_DISK_MB = 2_000;

    @Mixin
    private Settings settings;

    @Spec
    private CommandSpec spec;

    @Option(names = "--json", description = "print one JSON object per line")
    private boolean json;

    /** The result of one check. */
    private record Finding(String what, boolean fine, String found) {}

    /** One check: returns what was found, or throws an exception with a message that names the problem. */
    private interface Check {
        String run() throws IOException, InterruptedException;
    }

    private final List<Finding> findings = new ArrayList<>();

    @Override
    public Integer call() {
        Configuration configuration = settings.configuration();
        check("java", Doctor::java);
        check("environment", Doctor::environment);
        check("memory", Doctor::memory);
        check("ffmpeg", Doctor::ffmpeg);
        check("engine", Doctor::engine);
        check("model", () -> model(configuration));
        check("data folder", () -> disk(InstallationFolders.data(configuration)));
        check("broker port", () -> port(configuration.number(Key.EMBEDDED_KAFKA_PORT)));
        check("registry port", () -> port(configuration.number(Key.EMBEDDED_REGISTRY_PORT)));
        check("health port", () -> port(configuration.number(Key.HTTP_PORT)));
        PrintWriter out = spec.commandLine().getOut();
        for (Finding finding : findings) {
            out.println(
                    json
                            ? JSON.createObjectNode()
                                    .put("what", finding.what())
                                    .put("fine", finding.fine())
                                    .put("found", finding.found())
                                    .toString()
                            : String.format(
                                    "%-5s %-14s %s", finding.fine() ? "ok" : "FAIL", finding.what(), finding.found()));
        }
        out.flush();
        return findings.stream().allMatch(Finding::fine) ? 0 : 3;
    }

    private void check(String what, Check check) {
        try {
            findings.add(new Finding(what, true, check.run()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            findings.add(new Finding(what, false, "interrupted"));
        } catch (IOException | RuntimeException | LinkageError e) {
            findings.add(new Finding(what, false, e.getMessage() == null ? e.toString() : e.getMessage()));
        }
    }

    private static String java() {
        return System.getProperty("java.vendor") + " " + Runtime.version() + " on " + System.getProperty("os.name")
                + " " + System.getProperty("os.arch");
    }

    private static String environment() {
        String policy = System.getenv("OMP_WAIT_POLICY");
        if (!"PASSIVE".equals(policy)) {
            throw new EnvironmentException("OMP_WAIT_POLICY is " + policy
                    + ", not PASSIVE: on busy cores inference is up to 30 times slower. Run ./migr, which sets it.");
        }
        return "OMP_WAIT_POLICY=PASSIVE, DJL_OFFLINE=" + System.getenv("DJL_OFFLINE");
    }

    private static String memory() {
        long heap = Runtime.getRuntime().maxMemory() >> 20;
        if (heap < ENOUGH_MEMORY_MB) {
            throw new EnvironmentException("The heap is limited to " + heap + " MB, but " + ENOUGH_MEMORY_MB
                    + " MB are needed. Set MIGR_JAVA_OPTIONS=-Xmx2g.");
        }
        return heap + " MB heap, " + Runtime.getRuntime().availableProcessors() + " processors";
    }

    private static String ffmpeg() throws IOException, InterruptedException {
        Process process = FfmpegProgram.find()
                .command("ffmpeg", List.of("-version"))
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new EnvironmentException("ffmpeg does not run on this machine: " + output.strip());
        }
        return output.lines().findFirst().orElse("").replaceAll(" Copyright.*", "");
    }

    private static String engine() {
        Engine engine = Engine.getInstance();
        return engine.getEngineName() + " " + engine.getVersion() + ", " + engine.getGpuCount() + " CUDA devices";
    }

    private static String model(Configuration configuration) throws IOException {
        Path folder = InstallationFolders.fittingModel(configuration);
        try (EmotionModel model = EmotionModel.load(folder, configuration.text(Key.MODEL_DEVICE))) {
            return model.version() + " in " + folder;
        }
    }

    private static String disk(Path folder) throws IOException {
        Path there = folder.toAbsolutePath();
        while (!Files.exists(there)) {
            there = there.getParent();
        }
        if (!Files.isWritable(there)) {
            throw new EnvironmentException(folder + " is not writable. Set data.folder to another folder.");
        }
        long free = Files.getFileStore(there).getUsableSpace() >> 20;
        if (free < ENOUGH_DISK_MB) {
            throw new EnvironmentException(
                    "Only " + free + " MB are free for " + folder + ", but " + ENOUGH_DISK_MB + " MB are needed.");
        }
        return String.format(Locale.ROOT, "%s, %d MB free", folder, free);
    }

    private static String port(int port) throws IOException {
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort() + " is free";
        } catch (IOException e) {
            throw new IOException("port " + port + " is in use (is migr up already running?)", e);
        }
    }
}
