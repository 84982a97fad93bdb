package io.migr.cli.serve;

import io.migr.cli.feed.Feeder;
import io.migr.cli.setup.InstallationFolders;
import io.migr.cli.setup.LocalPlatform;
import io.migr.cli.setup.Services;
import io.migr.cli.setup.Settings;
import io.migr.cli.watch.ResultPrinter;
import io.migr.cli.watch.ResultReader;
import io.migr.cli.watch.ResultReader.Result;
import io.migr.corpus.Clip;
import io.migr.corpus.ClipFile;
import io.migr.corpus.ClipTruth;
import io.migr.corpus.Regime;
import io.migr.corpus.Split;
import io.migr.embedded.EnvironmentException;
import io.migr.features.SegmentCutter.Segment;
import io.migr.features.ffmpeg.FfmpegProgram;
import io.migr.runtime.config.Configuration;
import io.migr.runtime.config.Key;
import io.migr.schemas.ClipId;
import io.migr.schemas.ClipKey;
import io.migr.schemas.Consent;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Runs the whole pipeline once: writes video files, sends them through a broker, prints each result with the truth. */
@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        description =
                "Writes video clips whose true emotion is known, sends them through a real Kafka broker and prints the"
                        + " results next to the truth.")
public final class Demo implements Callable<Integer> {
    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    @Mixin
    private Settings settings;

    @Spec
    private CommandSpec spec;

    @Option(names = "--keep", paramLabel = "DIR", description = "keep the video files in this folder")
    private Path keep;

    @Option(names = "--from", description = "number of the first clip in the test split; default: 0")
    private int from;

    private PrintWriter out;

    @Override
    public Integer call() throws InterruptedException, IOException {
        out = spec.commandLine().getOut();
        Configuration asked = settings.configuration()
                .with(Map.of(Key.EMBEDDED_KAFKA_PORT, "0", Key.EMBEDDED_REGISTRY_PORT, "0", Key.TOPIC_PARTITIONS, "4"));
        InstallationFolders.model(asked);
        Path folder = Files.createTempDirectory("migr-demo");
        try {
            List<ClipTruth> truths = choose();
            Path videos = keep != null ? Files.createDirectories(keep) : folder.resolve("videos");
            Files.createDirectories(videos);
            List<Path> files = write(truths, videos);
            try (LocalPlatform platform = LocalPlatform.start(asked, folder.resolve("kafka"))) {
                announce("a Kafka broker runs on "
                        + platform.configuration().kafka().get("bootstrap.servers") + "; starting streams and worker");
                platform.serve();
                announce("sending " + files.size() + " clips");
                return run(platform, truths, files);
            }
        } finally {
            delete(folder);
        }
    }

    private void announce(String what) {
        spec.commandLine().getErr().println("migr: " + what);
    }

    /** One clip of each regime: the first of each from {@code --from} on. */
    private List<ClipTruth> choose() {
        Map<Regime, ClipTruth> chosen = new EnumMap<>(Regime.class);
        for (int i = from; chosen.size() < Regime.values().length; i++) {
            ClipTruth truth = ClipTruth.of(Split.TEST.seed(i));
            chosen.putIfAbsent(truth.regime(), truth);
        }
        return List.copyOf(chosen.values());
    }

    private List<Path> write(List<ClipTruth> truths, Path folder) {
        FfmpegProgram program = Services.ffmpeg();
        announce("writing " + truths.size() + " video clips, one of each kind");
        return IntStream.range(0, truths.size())
                .parallel()
                .mapToObj(i -> {
                    ClipTruth truth = truths.get(i);
                    Path file = folder.resolve(truth.regime().label() + ".mp4");
                    try {
                        ClipFile.write(Clip.of(truth.seed()), file, program);
                        return file;
                    } catch (IOException e) {
                        throw new EnvironmentException("Cannot write the video " + file + ": " + e.getMessage(), e);
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                        throw new EnvironmentException("Interrupted while writing the videos.", e);
                    }
                })
                .toList();
    }

    private int run(LocalPlatform platform, List<ClipTruth> truths, List<Path> files)
            throws IOException, InterruptedException {
        Map<String, ClipTruth> expected = new java.util.HashMap<>();
        List<Result> dead = new ArrayList<>();
        int right = 0;
        int rightLeads = 0;
        try (ResultReader reader = new ResultReader(platform.clients(), true);
                Feeder feeder = new Feeder(platform.clients())) {
            for (int i = 0; i < files.size(); i++) {
                ClipId clip = new ClipId("demo", truths.get(i).regime().label(), 0L);
                byte[] media = Files.readAllBytes(files.get(i));
                feeder.deliver(clip, new Segment(media, "video/mp4", 0, (int) (Clip.SECONDS * 1000)), Consent.GRANTED);
                expected.put(ClipKey.name(clip), truths.get(i));
            }
            long deadline = System.nanoTime() + TIMEOUT.toNanos();
            while (!expected.isEmpty() && System.nanoTime() < deadline && platform.failure() == null) {
                for (Result result : reader.poll(Duration.ofMillis(100))) {
                    if (result.prediction() == null) {
                        dead.add(result);
                        expected.keySet().removeIf(name -> name.startsWith(result.deadKey() + "/"));
                        continue;
                    }
                    ClipTruth truth =
                            expected.remove(ClipKey.name(result.prediction().getClip()));
                    right += word(result.prediction().getEmotion())
                                    .equals(truth.label().word())
                            ? 1
                            : 0;
                    rightLeads += result.prediction()
                                    .getImportance()
                                    .getDominant()
                                    .name()
                                    .equals(truth.oracle().name())
                            ? 1
                            : 0;
                    show(result, truth);
                }
            }
        }
        dead.forEach(result -> out.println(ResultPrinter.text(result)));
        out.printf(
                Locale.ROOT,
                "%d of %d emotions and %d of %d leading modalities match the truth.%n",
                right,
                truths.size(),
                rightLeads,
                truths.size());
        out.flush();
        if (!expected.isEmpty() || !dead.isEmpty()) {
            announce(expected.size() + " clips had no result within " + TIMEOUT.toSeconds() + " s"
                    + (platform.failure() == null ? "" : ": " + platform.failure()));
            return 1;
        }
        return 0;
    }

    private static String word(Enum<?> symbol) {
        return symbol.name().toLowerCase(Locale.ROOT);
    }

    private void show(Result result, ClipTruth truth) {
        out.printf(
                "%s clip; truth: %s, %s%n",
                truth.regime().label(),
                truth.label().word(),
                switch (truth.oracle()) {
                    case VISUAL -> "the face leads";
                    case AUDIO -> "the voice leads";
                    case BALANCED -> "balanced";
                    case NEITHER -> "neither tells";
                });
        out.println(ResultPrinter.text(result));
        out.flush();
    }

    private static void delete(Path folder) throws IOException {
        try (var files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
