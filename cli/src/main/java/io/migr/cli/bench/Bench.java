package io.migr.cli.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.migr.cli.feed.Feeder;
import io.migr.cli.setup.InstallationFolders;
import io.migr.cli.setup.LocalPlatform;
import io.migr.cli.setup.Services;
import io.migr.cli.setup.Settings;
import io.migr.cli.watch.ResultReader;
import io.migr.corpus.Clip;
import io.migr.corpus.ClipFile;
import io.migr.corpus.Split;
import io.migr.features.ClipFeatures;
import io.migr.features.FfmpegExtractor;
import io.migr.features.MediaRejectedException;
import io.migr.features.SegmentCutter.Segment;
import io.migr.features.ffmpeg.FfmpegProgram;
import io.migr.lab.bench.GrpoBenchmark;
import io.migr.perception.ClipPerception;
import io.migr.runtime.config.Configuration;
import io.migr.runtime.config.Key;
import io.migr.schemas.ClipId;
import io.migr.schemas.ClipKey;
import io.migr.schemas.Consent;
import io.migr.schemas.Topic;
import io.migr.streams.FeatureRecords;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Measures the throughput of the pipeline and of each of its stages on this machine, in one run. */
@Command(
        name = "bench",
        mixinStandardHelpOptions = true,
        subcommands = BenchNetwork.class,
        description = {
            "Measures the pipeline, each stage alone, latency, the decoder and GRPO in one run on this machine.",
            "grpo_steps_per_s and rollout_tokens_per_s: GRPO of the model's decoder, 12 clips with 8 completions a"
                    + " step. tower_runs: clips that each tower processed in one step, 0 where the model has none."
                    + " completions: texts sampled for them."
        })
public final class Bench implements Callable<Integer> {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration TIMEOUT = Duration.ofMinutes(5);
    private static final int DIFFERENT_CLIPS = 12;

    @Mixin
    private Settings settings;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--clips",
            defaultValue = "160",
            description = "number of clips for each stage; default: ${DEFAULT-VALUE}")
    private int clips;

    @Option(
            names = "--calls",
            defaultValue = "24",
            description = "number of clips of the one live participant, for latency; default: ${DEFAULT-VALUE}")
    private int live;

    @Option(
            names = "--grpo-steps",
            defaultValue = "3",
            description = "number of GRPO steps to time, on the CPU; 0: none; default: ${DEFAULT-VALUE}")
    private int grpoSteps;

    @Option(names = "--json", description = "print one JSON object on one line")
    private boolean json;

    @Override
    public Integer call() throws IOException, InterruptedException, MediaRejectedException {
        if (clips < 1 || live < 1) {
            throw new IllegalArgumentException(
                    "--clips and --calls must be 1 or more, not " + clips + " and " + live + ".");
        }
        if (grpoSteps < 0) {
            throw new IllegalArgumentException("--grpo-steps must be 0 or more, not " + grpoSteps + ".");
        }
        Configuration asked = settings.configuration()
                .with(Map.of(Key.EMBEDDED_KAFKA_PORT, "0", Key.EMBEDDED_REGISTRY_PORT, "0", Key.TOPIC_PARTITIONS, "4"));
        Path model = InstallationFolders.fittingModel(asked);
        ObjectNode result = JSON.createObjectNode();
        Path folder = Files.createTempDirectory("migr-bench");
        try {
            List<byte[]> media = media(folder);
            announce("decoder");
            decoder(result);
            announce("reward optimisation");
            policy(result, model, folder.resolve("grpo"), grpoSteps);
            announce("features alone");
            Throughput features = features(asked, media);
            announce("perception alone");
            Throughput perception = perception(asked, media);
            try (LocalPlatform platform = LocalPlatform.start(asked, folder.resolve("kafka"))) {
                announce("pipeline");
                Throughput pipeline;
                double[] latencies;
                platform.serve();
                try (ResultReader reader = new ResultReader(platform.clients(), true);
                        Feeder feeder = new Feeder(platform.clients())) {
                    // warm-up: the stages measured later run code that is already compiled, so the pipeline must too
                    pipelineRate(feeder, reader, media, "warm", Math.max(media.size(), clips / 2));
                    pipeline = pipelineRate(feeder, reader, media, "many", clips);
                    announce("latency of one live participant");
                    latencies = latencies(feeder, reader, media);
                }
                platform.stopServices();
                announce("pair alone");
                Throughput pair = new StageBenchmark(platform, "bench-pair.")
                        .rate(
                                List.of(Topic.VISUAL_FEATURES, Topic.AUDIO_FEATURES),
                                Topic.INFERENCE_REQUESTS,
                                Services::streams);
                announce("infer alone");
                Throughput infer = new StageBenchmark(platform, "bench-infer.")
                        .rate(List.of(Topic.INFERENCE_REQUESTS), Topic.PREDICTIONS, Services::worker);
                result.put("pipeline_clips_per_s", round(pipeline.clipsPerSecond()));
                result.putObject("stage_clips_per_s")
                        .put("features", round(features.clipsPerSecond()))
                        .put("perception", round(perception.clipsPerSecond()))
                        .put("pair", round(pair.clipsPerSecond()))
                        .put("infer", round(infer.clipsPerSecond()));
                // one step extracts features and measures them
                double split = 1 / (1 / features.clipsPerSecond() + 1 / perception.clipsPerSecond());
                double slowest = Math.min(split, Math.min(pair.clipsPerSecond(), infer.clipsPerSecond()));
                result.put("pipeline_of_slowest_stage", round(pipeline.clipsPerSecond() / slowest));
                result.putObject("cpu_ms_per_clip")
                        .put("features", round(features.cpuMsPerClip()))
                        .put("perception", round(perception.cpuMsPerClip()))
                        .put("pair", round(pair.cpuMsPerClip()))
                        .put("infer", round(infer.cpuMsPerClip()))
                        .put("pipeline", round(pipeline.cpuMsPerClip()));
                result.putObject("latency_ms")
                        .put("p50", round(quantile(latencies, 0.5)))
                        .put("p95", round(quantile(latencies, 0.95)));
            }
        } finally {
            try (var files = Files.walk(folder)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.deleteIfExists(file);
                }
            }
        }
        result.put("clips", clips).put("processors", Runtime.getRuntime().availableProcessors());
        PrintWriter out = spec.commandLine().getOut();
        out.println(json ? result.toString() : result.toPrettyString());
        out.flush();
        return 0;
    }

    private void announce(String what) {
        spec.commandLine().getErr().println("migr: measuring " + what);
        spec.commandLine().getErr().flush();
    }

    private static double round(double value) {
        return Math.round(value * 100) / 100.0;
    }

    /** Renders the twelve different clips that are sent in turn; returns their mp4 files as bytes. */
    private List<byte[]> media(Path folder) throws IOException, InterruptedException {
        FfmpegProgram program = Services.ffmpeg();
        List<byte[]> media = new ArrayList<>();
        for (int i = 0; i < DIFFERENT_CLIPS; i++) {
            Path file = folder.resolve(i + ".mp4");
            ClipFile.write(Clip.of(Split.TEST.seed(i)), file, program);
            media.add(Files.readAllBytes(file));
        }
        return media;
    }

    private static void decoder(ObjectNode result) {
        try (DecoderBenchmark benchmark = new DecoderBenchmark()) {
            result.putObject("decode_tokens_per_s")
                    .put("b1", round(benchmark.tokensPerSecond(1)))
                    .put("b16", round(benchmark.tokensPerSecond(16)));
            result.put("train_step_s", round(benchmark.trainStepSeconds()));
        }
    }

    /**
     * Adds the rates of GRPO with groups of 8 completions, and the tower runs and completions of one step, to the
     * result. Adds nothing if {@code steps} is 0.
     */
    static void policy(ObjectNode result, Path model, Path folder, int steps) throws IOException {
        if (steps == 0) {
            return;
        }
        try (PolicyBenchmark benchmark = new PolicyBenchmark(model)) {
            GrpoBenchmark.Measured rates = benchmark.rates(steps);
            PolicyBenchmark.Work work = benchmark.work(folder);
            result.put("grpo_steps_per_s", Math.round(rates.stepsPerSecond() * 1000) / 1000.0)
                    .put("rollout_tokens_per_s", round(rates.rolloutTokensPerSecond()))
                    .put("tower_runs", work.towers())
                    .put("completions", work.completions());
        }
    }

    private Throughput features(Configuration configuration, List<byte[]> media)
            throws MediaRejectedException, InterruptedException {
        FfmpegExtractor extractor = Services.extractor(configuration);
        for (byte[] one : media) {
            extractor.extract(one);
        }
        Throughput.Start start = Throughput.start();
        for (int i = 0; i < clips; i++) {
            extractor.extract(media.get(i % media.size()));
        }
        return start.end(clips);
    }

    /** The throughput from the first send to the last committed prediction. */
    private Throughput pipelineRate(Feeder feeder, ResultReader reader, List<byte[]> media, String call, int count)
            throws InterruptedException {
        long since = System.nanoTime();
        Throughput.Start start = Throughput.start();
        for (int i = 0; i < count; i++) {
            // twelve participants take turns
            ClipId clip = new ClipId(call, "p" + i % media.size(), (long) i / media.size());
            feeder.send(clip, segment(media.get(i % media.size())), Consent.GRANTED);
        }
        for (int seen = 0; seen < count; ) {
            seen += results(reader, since).size();
        }
        return start.end(count);
    }

    /** The results that arrive within 20 ms; fails for a dead letter, and five minutes after {@code start}. */
    private static List<ResultReader.Result> results(ResultReader reader, long start) {
        if (seconds(start) > TIMEOUT.toSeconds()) {
            throw new IllegalStateException("The results did not arrive within " + TIMEOUT.toMinutes() + " minutes.");
        }
        List<ResultReader.Result> results = reader.poll(Duration.ofMillis(20));
        results.stream()
                .filter(result -> result.prediction() == null)
                .findFirst()
                .ifPresent(dead -> {
                    throw new IllegalStateException("A clip became a dead letter: " + dead.deadReason());
                });
        return results;
    }

    private static Segment segment(byte[] media) {
        return new Segment(media, "video/mp4", 0, (int) (Clip.SECONDS * 1000));
    }

    /** Milliseconds from acknowledgement to committed prediction of each clip, sent one a second as in a live call. */
    private double[] latencies(Feeder feeder, ResultReader reader, List<byte[]> media) throws InterruptedException {
        double[] latencies = new double[live];
        for (int i = 0; i < live; i++) {
            ClipId clip = new ClipId("live", "ann", (long) i);
            feeder.deliver(clip, segment(media.get(i % media.size())), Consent.GRANTED);
            long acknowledged = System.nanoTime();
            String name = ClipKey.name(clip);
            while (results(reader, acknowledged).stream()
                    .noneMatch(result ->
                            ClipKey.name(result.prediction().getClip()).equals(name))) {
                // poll blocks until the next result or its timeout
            }
            latencies[i] = seconds(acknowledged) * 1000;
            Thread.sleep(Math.max(0, 1000 - (long) latencies[i]));
        }
        return latencies;
    }

    private static double quantile(double[] values, double share) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[(int) Math.ceil(share * sorted.length) - 1];
    }

    /** Seconds since a value of {@link System#nanoTime}. */
    static double seconds(long since) {
        return (System.nanoTime() - since) / 1e9;
    }

    /** Measures faces and voices of clips whose pictures and sound are decoded already. */
    private Throughput perception(Configuration configuration, List<byte[]> media)
            throws MediaRejectedException, InterruptedException {
        FfmpegExtractor extractor = Services.extractor(configuration);
        List<ClipFeatures> decoded = new ArrayList<>();
        for (byte[] one : media) {
            decoded.add(extractor.extract(one));
        }
        try (ClipPerception perception = FeatureRecords.perception(configuration)) {
            decoded.forEach(clip -> measure(perception, clip));
            Throughput.Start start = Throughput.start();
            for (int i = 0; i < clips; i++) {
                measure(perception, decoded.get(i % decoded.size()));
            }
            return start.end(clips);
        }
    }

    private static void measure(ClipPerception perception, ClipFeatures clip) {
        FeatureRecords.face(clip, perception);
        perception.voice(clip.audio().samples());
    }
}
