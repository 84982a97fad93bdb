package io.migr.integration;

import io.migr.runtime.config.Configuration;
import io.migr.runtime.config.Key;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code migr serve SERVICE} in a separate process, as in production; can be killed with SIGKILL. */
final class ServiceProcess implements AutoCloseable {
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final String service;
    private final Path log;
    private final Process process;

    private ServiceProcess(String service, Path log, Process process) {
        this.service = service;
        this.log = log;
        this.process = process;
    }

    static ServiceProcess start(String service, Configuration configuration) throws IOException {
        List<String> command = new ArrayList<>(java("-Xmx700m"));
        command.addAll(List.of("serve", service));
        command.addAll(flags(configuration));
        return start(service, command);
    }

    /** Starts any command that prints when it is ready. */
    static ServiceProcess start(String service, List<String> command) throws IOException {
        return start(service, command, Map.of());
    }

    /** The same with additional environment variables. */
    static ServiceProcess start(String service, List<String> command, Map<String, String> environment)
            throws IOException {
        Path log = Files.createTempFile(Path.of("target"), "serve-" + service + "-", ".log");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        builder.environment().putAll(environment);
        return new ServiceProcess(service, log, builder.start());
    }

    /** A configuration as command line options. */
    static List<String> flags(Configuration configuration) {
        List<String> flags = new ArrayList<>();
        for (Key key : Key.values()) {
            if (!configuration.source(key).equals("default")) {
                flags.addAll(List.of("--" + key.flag(), configuration.text(key)));
            }
        }
        configuration.kafka().forEach((name, value) -> {
            if (!name.equals("bootstrap.servers")) {
                flags.addAll(List.of("--kafka", name + "=" + value));
            }
        });
        return flags;
    }

    /** The command that starts {@code migr} with this test's class path. */
    static List<String> java(String heap) {
        return java(heap, "io.migr.cli.Migr");
    }

    /** The command that starts a main class with this test's class path. */
    static List<String> java(String heap, String main) {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                heap,
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Djava.awt.headless=true",
                "--enable-native-access=ALL-UNNAMED",
                "-Dai.djl.pytorch.num_threads=1",
                "-Dai.djl.pytorch.num_interop_threads=1",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                main);
    }

    /** Waits until the service prints that it is ready. */
    void awaitReady() throws InterruptedException {
        await("is ready");
    }

    /** Waits until the process prints a word. */
    void await(String word) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(90);
        while (!output().contains(word)) {
            if (!process.isAlive() || System.nanoTime() > deadline) {
                throw new AssertionError(service + " did not start: " + output());
            }
            Thread.sleep(100);
        }
    }

    /** Runs a {@code migr} command, which must succeed; returns what it printed. */
    static String migr(Configuration configuration, String... words) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(java("-Xmx700m"));
        command.addAll(List.of(words));
        command.addAll(flags(configuration));
        try (ServiceProcess migr = start(words[0], command)) {
            boolean ended = migr.process.waitFor(4, TimeUnit.MINUTES);
            if (!ended) {
                dumpThreads(migr.process);
            }
            String output = migr.output();
            if (!ended || migr.process.exitValue() != 0) {
                throw new AssertionError(String.join(" ", words) + " failed or did not end: " + output);
            }
            return output;
        }
    }

    /** Resident memory in KiB, heap and native together; Linux only. */
    long residentKb() throws IOException {
        return Files.readAllLines(Path.of("/proc", String.valueOf(process.pid()), "status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .findFirst()
                .orElseThrow(() -> new AssertionError(service + " is not running any more: " + output()));
    }

    /** Waits until the process ends by itself; returns its exit code. */
    int ended() throws InterruptedException {
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            throw new AssertionError(service + " still runs: " + output());
        }
        return process.exitValue();
    }

    /** The port of its health server, once it is ready. */
    int healthPort() {
        Matcher port = Pattern.compile("health on port (\\d+)").matcher(output());
        if (!port.find()) {
            throw new AssertionError(service + " names no port: " + output());
        }
        return Integer.parseInt(port.group(1));
    }

    /** What its health server answers. */
    HttpResponse<String> get(String path) {
        URI address = URI.create("http://127.0.0.1:" + healthPort() + "/" + path);
        try {
            return HTTP.send(HttpRequest.newBuilder(address).build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while reading " + address, e);
        }
    }

    /** The sum of a metric over its labels; 0 if there is none of this name. */
    double metric(String name) {
        return get("metrics")
                .body()
                .lines()
                .filter(line -> line.startsWith(name + " ") || line.startsWith(name + "{"))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                .filter(Double::isFinite)
                .sum();
    }

    /** Kills the process with SIGKILL. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** Sends SIGTERM; a service that does not end is killed, after it has dumped its threads to its log. */
    @Override
    public void close() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(30, TimeUnit.SECONDS)) {
            dumpThreads(process);
            kill();
            throw new AssertionError(service + " did not end after SIGTERM: " + output());
        }
    }

    /** Makes a JVM dump its threads to its log. */
    static void dumpThreads(Process process) throws InterruptedException {
        try {
            new ProcessBuilder("kill", "-QUIT", String.valueOf(process.pid()))
                    .start()
                    .waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.sleep(2000);
    }

    /** What it has printed. */
    String output() {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
