package io.migr.cli.serve;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.migr.cli.setup.InstallationFolders;
import io.migr.cli.setup.LocalPlatform;
import io.migr.cli.setup.Services;
import io.migr.cli.setup.Settings;
import io.migr.cli.watch.ResultPrinter;
import io.migr.cli.watch.ResultReader.Result;
import io.migr.corpus.Clip;
import io.migr.corpus.ClipFile;
import io.migr.corpus.ClipTruth;
import io.migr.corpus.Regime;
import io.migr.corpus.Split;
import io.migr.embedded.EnvironmentException;
import io.migr.features.SegmentCutter;
import io.migr.features.SegmentCutter.Segment;
import io.migr.features.ffmpeg.FfmpegProgram;
import io.migr.model.Emotion;
import io.migr.runtime.config.Configuration;
import io.migr.runtime.config.Key;
import io.migr.schemas.ClipId;
import io.migr.schemas.EmotionPrediction;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Runs the whole pipeline once: draws a call, sends it through a broker, prints each result with the truth. */
@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        description = {
            "Draws one person's call, sends its clips through a real Kafka broker and prints the results next to the truth."
                    + " The first clips are neutral and only teach what is usual for this person.",
            "With --mine it analyses your own files instead, on this machine only, and keeps nothing. Only for recordings"
                    + " that you may analyse: inferring emotions of people needs their consent."
        })
public final class Demo implements Callable<Integer> {
    private static final int INTERRUPTED = 130;
    private static final String CALL = "demo";
    private static final String PERSON = "ann";
    /** Neutral clips, enough to know the usual face and voice of a person. */
    private static final int USUAL = 8;
    /** What is shown then, by a clear face. */
    private static final List<Emotion> SHOWN =
            List.of(Emotion.HAPPY, Emotion.NEUTRAL, Emotion.SURPRISE, Emotion.SAD, Emotion.ANGRY);

    private static final ObjectMapper JSON = new ObjectMapper();

    @Mixin
    private Settings settings;

    @Spec
    private CommandSpec spec;

    @Option(names = "--keep", paramLabel = "DIR", description = "keep the video files in this folder")
    private Path keep;

    @Option(
            names = "--from",
            description = "another person and other clips: where in the test split to look for them; default: 0")
    private Integer from;

    @Option(
            names = "--mine",
            paramLabel = "FILE",
            description = "analyse this recording, sound or picture (png, jpg); repeat the option for more files")
    private List<Path> mine = List.of();

    @Option(
            names = "--json",
            description = "print one JSON object per line: each result as watch prints it, at last a summary")
    private boolean json;

    private PrintWriter out;
    private List<OwnFile> files = List.of();

    @Override
    public Integer call() throws Exception {
        if (!mine.isEmpty() && (keep != null || from != null)) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--mine analyses your own files; --keep and --from are for drawn clips. Leave one of them out.");
        }
        out = spec.commandLine().getOut();
        files = examine();
        Configuration asked = settings.configuration()
                .with(Map.of(Key.EMBEDDED_KAFKA_PORT, "0", Key.EMBEDDED_REGISTRY_PORT, "0", Key.TOPIC_PARTITIONS, "4"));
        InstallationFolders.fittingModel(asked);
        try (DemoFolder folder = DemoFolder.create()) {
            try {
                return run(asked, folder);
            } catch (Exception e) {
                if (folder.stopping()) {
                    return INTERRUPTED;
                }
                throw e;
            }
        }
    }

    /** The files of the user, each checked before anything starts. */
    private List<OwnFile> examine() throws IOException, InterruptedException {
        List<OwnFile> examined = new ArrayList<>();
        for (Path path : mine) {
            examined.add(OwnFile.of(path, Services.ffmpeg()));
        }
        return examined;
    }

    private int run(Configuration asked, DemoFolder folder) throws IOException, InterruptedException {
        List<ClipTruth> truths = List.of();
        List<Path> videos = List.of();
        if (files.isEmpty()) {
            truths = choose();
            videos = write(
                    truths,
                    Files.createDirectories(keep != null ? keep : folder.path().resolve("videos")));
        } else {
            announce("your files are analysed on this machine only, and nothing is kept");
            announce("README.md says what the model knows, and what it does not");
        }
        try (LocalPlatform platform = LocalPlatform.start(asked, folder.path().resolve("kafka"))) {
            announce("a Kafka broker runs on "
                    + platform.configuration().kafka().get("bootstrap.servers") + "; starting streams and worker");
            platform.serve();
            try (DemoCall call = new DemoCall(platform, folder::stopping)) {
                if (!files.isEmpty()) {
                    return analyse(call, asked);
                }
                announce("sending " + USUAL + " usual clips, then " + (videos.size() - USUAL) + " others");
                return run(call, truths, videos);
            }
        }
    }

    private void announce(String what) {
        spec.commandLine().getErr().println("migr: " + what);
    }

    /** The clips of a call: usual ones, one of each emotion in {@link #SHOWN}, and one whose face is hidden. */
    private List<ClipTruth> choose() {
        Iterator<ClipTruth> split = IntStream.iterate(from == null ? 0 : from, i -> i + 1)
                .mapToObj(i -> ClipTruth.of(Split.TEST.seed(i)))
                .iterator();
        List<ClipTruth> usual = new ArrayList<>();
        Map<Emotion, ClipTruth> shown = new EnumMap<>(Emotion.class);
        ClipTruth hidden = null;
        while (usual.size() < USUAL || shown.size() < SHOWN.size() || hidden == null) {
            ClipTruth truth = split.next();
            boolean faces = truth.regime() == Regime.VISUAL_DOMINANT;
            if (faces && truth.label() == Emotion.NEUTRAL && usual.size() < USUAL) {
                usual.add(truth);
            } else if (faces && SHOWN.contains(truth.label())) {
                shown.putIfAbsent(truth.label(), truth);
            } else if (truth.regime() == Regime.FACE_HIDDEN) {
                hidden = truth;
            }
        }
        List<ClipTruth> call = new ArrayList<>(usual);
        SHOWN.forEach(emotion -> call.add(shown.get(emotion)));
        call.add(hidden);
        return call;
    }

    private List<Path> write(List<ClipTruth> truths, Path folder) {
        FfmpegProgram program = Services.ffmpeg();
        announce("drawing " + truths.size() + " video clips of one person");
        int person = Math.floorMod(from == null ? 0 : from, Clip.PEOPLE);
        return IntStream.range(0, truths.size())
                .parallel()
                .mapToObj(i -> {
                    ClipTruth truth = truths.get(i);
                    Path file = folder.resolve(PERSON + "-" + i + ".mp4");
                    try {
                        ClipFile.write(Clip.of(truth.seed(), person), file, program);
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

    private int run(DemoCall call, List<ClipTruth> truths, List<Path> videos) throws IOException, InterruptedException {
        for (int i = 0; i < videos.size(); i++) {
            byte[] media = Files.readAllBytes(videos.get(i));
            int start = (int) (i * Clip.SECONDS * 1000);
            call.send(new ClipId(CALL, PERSON, (long) i), new Segment(media, "video/mp4", start, (int)
                    (Clip.SECONDS * 1000)));
        }
        int received = 0;
        int right = 0;
        int abstained = 0;
        int rightLeads = 0;
        int dead = 0;
        while (received < truths.size() && call.alive()) {
            for (Result result : call.poll(Duration.ofMillis(100))) {
                received++;
                EmotionPrediction prediction = result.prediction();
                if (prediction == null) {
                    dead++;
                    show(result, null);
                } else if (prediction.getClip().getSequence() >= USUAL) {
                    ClipTruth truth =
                            truths.get((int) (long) prediction.getClip().getSequence());
                    show(result, truth);
                    abstained += prediction.getAbstained() ? 1 : 0;
                    right += !prediction.getAbstained()
                                    && word(prediction.getEmotion())
                                            .equals(truth.label().word())
                            ? 1
                            : 0;
                    rightLeads += word(prediction.getImportance().getDominant()).equals(word(truth.oracle())) ? 1 : 0;
                }
            }
        }
        sumUp(truths.size() - USUAL, right, abstained, rightLeads);
        if (received < truths.size()) {
            announce(truths.size() - received + " clips have no result: " + call.end());
        }
        return received == truths.size() && dead == 0 ? 0 : 1;
    }

    private void sumUp(int clips, int right, int abstained, int rightLeads) {
        if (json) {
            ObjectNode line = JSON.createObjectNode();
            line.putObject("summary")
                    .put("clips", clips)
                    .put("emotions_right", right)
                    .put("abstained", abstained)
                    .put("leads_right", rightLeads);
            out.println(line);
        } else {
            out.printf(
                    Locale.ROOT,
                    "%d of %d emotions match the truth, and of %d clips it says that it cannot tell; %d of %d leading"
                            + " modalities match.%n",
                    right,
                    clips,
                    abstained,
                    rightLeads,
                    clips);
        }
        out.flush();
    }

    /** Analyses the user's files one after another, each as a participant of its own. */
    private int analyse(DemoCall call, Configuration asked) throws InterruptedException {
        SegmentCutter cutter = new SegmentCutter(
                Services.ffmpeg(), asked.number(Key.CLIP_SEGMENT_SECONDS), asked.number(Key.CLIP_MAX_BYTES));
        OwnFileCounts counts = new OwnFileCounts();
        Set<String> names = new HashSet<>();
        boolean whole = true;
        for (OwnFile file : files) {
            String name = file.path().getFileName().toString();
            String participant = names.add(name) ? name : name + "-" + names.size();
            names.add(participant);
            String lost = new OwnFileRun(file, participant, call, counts, out, json).run(cutter);
            if (lost != null) {
                whole = false;
                announce(file.path() + " was analysed in part: " + lost);
            }
        }
        out.println(json ? counts.json().toString() : counts.text());
        out.flush();
        if (counts.missing() > 0) {
            announce(counts.missing() + " clips have no result: " + call.end());
        }
        return whole && counts.complete() ? 0 : 1;
    }

    private static String word(Enum<?> symbol) {
        return symbol.name().toLowerCase(Locale.ROOT);
    }

    /** @param truth null: not known, as it is of a dead letter */
    private void show(Result result, ClipTruth truth) {
        if (truth == null) {
            out.println(json ? ResultPrinter.json(result).toString() : ResultPrinter.text(result));
            out.flush();
            return;
        }
        if (json) {
            ObjectNode object = ResultPrinter.json(result);
            object.putObject("truth")
                    .put("regime", truth.regime().label())
                    .put("emotion", truth.label().word())
                    .put("leads", word(truth.oracle()));
            out.println(object);
            out.flush();
            return;
        }
        out.printf(
                "truth: %s, %s%n",
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
}
