package io.migr.cli.feed;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.migr.cli.setup.Services;
import io.migr.cli.setup.Settings;
import io.migr.features.SegmentCutter;
import io.migr.features.SegmentCutter.Segment;
import io.migr.runtime.config.Configuration;
import io.migr.runtime.config.Key;
import io.migr.runtime.kafka.KafkaClients;
import io.migr.schemas.ClipId;
import io.migr.schemas.ClipKey;
import io.migr.schemas.Consent;
import io.migr.schemas.ConsentRule;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Sends recordings as clips. */
@Command(
        name = "feed",
        mixinStandardHelpOptions = true,
        description = "Sends recordings as clips, cutting long ones into segments, and prints the ids of the clips.")
public final class Feed implements Callable<Integer> {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Mixin
    private Settings settings;

    @Spec
    private CommandSpec spec;

    @Parameters(
            paramLabel = "FILE|DIR",
            arity = "1..*",
            description = "recordings (mp4, webm, mkv, mov), or folders of them")
    private List<Path> paths;

    @Option(names = "--call", description = "id of the call; default: a new one made from date and time")
    private String call;

    @Option(names = "--participant", description = "id of the participant; default: the file name")
    private String participant;

    @Option(
            names = "--consent",
            required = true,
            description = "granted: the people in the recordings consented to having their emotions inferred")
    private Consent consent;

    @Mixin
    private TermsOptions agreed;

    @Option(names = "--realtime", description = "send at the pace of a live call")
    private boolean realtime;

    @Option(names = "--json", description = "print one JSON object per line")
    private boolean json;

    private int failed;
    private int sent;

    @Override
    public Integer call() throws InterruptedException, IOException {
        Instant now = Instant.now();
        ConsentRule.refusal("The recording", consent, agreed.terms(), now, now).ifPresent(why -> {
            throw new ParameterException(spec.commandLine(), why);
        });
        Configuration configuration = settings.configuration();
        SegmentCutter cutter = new SegmentCutter(
                Services.ffmpeg(),
                configuration.number(Key.CLIP_SEGMENT_SECONDS),
                configuration.number(Key.CLIP_MAX_BYTES));
        String callId = call != null
                ? call
                : "call-" + LocalDateTime.now().format(DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss", Locale.ROOT));
        KafkaClients clients = new KafkaClients(configuration);
        clients.ensureTopics();
        List<Path> files = files();
        try (Feeder feeder = new Feeder(clients)) {
            for (int i = 0; i < files.size(); i++) {
                feed(files.get(i), callId, cutter, feeder);
                if (!json && files.size() > 1) {
                    spec.commandLine().getErr().printf("%d of %d files%n", i + 1, files.size());
                }
            }
        }
        if (!json) {
            spec.commandLine().getErr().printf("%d clips sent, %d files refused%n", sent, failed);
        }
        return failed == 0 ? 0 : 1;
    }

    private List<Path> files() throws IOException {
        List<Path> files = new ArrayList<>();
        for (Path path : paths) {
            if (Files.isDirectory(path)) {
                try (var inside = Files.list(path)) {
                    inside.filter(file -> file.toString().matches("(?i).*\\.(mp4|m4v|mov|webm|mkv|avi)$"))
                            .sorted()
                            .forEach(files::add);
                }
            } else {
                files.add(path);
            }
        }
        return files;
    }

    private void feed(Path file, String callId, SegmentCutter cutter, Feeder feeder) throws InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        String participantId = participant != null ? participant : participantOf(file);
        long[] sequence = {0};
        long started = System.nanoTime();
        try {
            cutter.cut(file, segment -> {
                if (realtime) {
                    // a live segment can be sent only once it has been spoken
                    long due = segment.startMs() + segment.durationMs();
                    Thread.sleep(Math.max(0, due - (System.nanoTime() - started) / 1_000_000));
                }
                ClipId clip = new ClipId(callId, participantId, sequence[0]++);
                deliver(feeder, clip, segment);
                sent++;
                out.println(
                        json
                                ? JSON.createObjectNode()
                                        .put("clip", ClipKey.name(clip))
                                        .put("file", file.toString())
                                        .put("start_ms", segment.startMs())
                                        .put("duration_ms", segment.durationMs())
                                        .put("bytes", segment.media().length)
                                        .toString()
                                : ClipKey.name(clip));
                out.flush();
            });
        } catch (IOException e) {
            failed++;
            spec.commandLine().getErr().println("migr: " + e.getMessage());
        }
    }

    private void deliver(Feeder feeder, ClipId clip, Segment segment) throws InterruptedException {
        feeder.deliver(clip, segment, consent, agreed.terms());
    }

    private static String participantOf(Path file) {
        return file.getFileName().toString().replaceAll("\\.[^.]*$", "").replace('/', '-');
    }
}
