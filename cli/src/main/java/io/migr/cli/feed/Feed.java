package io.migr.cli.feed;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.migr.cli.setup.Services;
import io.migr.cli.setup.Settings;
import io.migr.features.Recording;
import io.migr.features.SegmentCutter;
import io.migr.features.SegmentCutter.Cut;
import io.migr.features.SegmentCutter.Segment;
import io.migr.features.ffmpeg.FfmpegProgram;
import io.migr.features.ffmpeg.MediaFormats;
import io.migr.runtime.config.Configuration;
import io.migr.runtime.config.Key;
import io.migr.runtime.kafka.KafkaClients;
import io.migr.schemas.ClipId;
import io.migr.schemas.ClipKey;
import io.migr.schemas.Consent;
import io.migr.schemas.ConsentRule;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
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
        description = {
            "Sends recordings as clips, cutting long ones into segments, and prints the ids of the clips.",
            "",
            "A clip is sent as soon as it is cut. A file that cannot be read does not stop the others and is named at the"
                    + " end."
        })
public final class Feed implements Callable<Integer> {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Mixin
    private Settings settings;

    private CommandSpec spec;

    @Parameters(paramLabel = "FILE|DIR", arity = "1..*", description = "recordings, or folders of them")
    private List<Path> paths;

    @Option(names = "--call", description = "id of the call; default: a new one made from date and time")
    private String call;

    @Option(
            names = "--participant",
            description =
                    "id of the participant; several files are parts that follow each other; default: the file name")
    private String participant;

    @Option(
            names = "--sound",
            paramLabel = "FILE",
            description = "the sound of the recording, if it is in a file of its own that starts at the same time")
    private Path sound;

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

    private final List<String> troubles = new ArrayList<>();
    private int failed;
    private int sent;

    @Spec
    void describe(CommandSpec own) {
        spec = own;
        own.usageMessage().footerHeading("%n" + MediaFormats.sentence() + "%n");
    }

    @Override
    public Integer call() throws InterruptedException, IOException {
        Instant now = Instant.now();
        ConsentRule.refusal("The recording", consent, agreed.terms(), now, now).ifPresent(why -> {
            throw new ParameterException(spec.commandLine(), why);
        });
        Configuration configuration = settings.configuration();
        FeedPlan plan = FeedPlan.of(paths, participant);
        if (sound != null && plan.files() != 1) {
            throw new IOException(
                    "--sound belongs to one recording, and " + plan.files() + " are given. Send them one by one.");
        }
        FfmpegProgram ffmpeg = Services.ffmpeg();
        SegmentCutter cutter = new SegmentCutter(
                ffmpeg, configuration.number(Key.CLIP_SEGMENT_SECONDS), configuration.number(Key.CLIP_MAX_BYTES));
        String callId = call != null
                ? call
                : "call-" + LocalDateTime.now().format(DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss", Locale.ROOT));
        KafkaClients clients = new KafkaClients(configuration);
        clients.ensureTopics();
        try (Feeder feeder = new Feeder(clients)) {
            for (Map.Entry<String, List<Path>> one : plan.parts().entrySet()) {
                feed(one.getKey(), one.getValue(), callId, ffmpeg, cutter, feeder);
            }
        }
        for (Path file : plan.skipped()) {
            troubles.add(file + " was not sent: its name has no ending of a recording.");
        }
        troubles.forEach(trouble -> spec.commandLine().getErr().println("migr: " + trouble));
        if (!json) {
            spec.commandLine()
                    .getErr()
                    .printf("%d clips of %d files sent, %d files refused or incomplete%n", sent, plan.files(), failed);
        }
        return failed == 0 ? 0 : 1;
    }

    /** Sends the recordings of one participant, one after another. */
    private void feed(
            String participantId,
            List<Path> files,
            String callId,
            FfmpegProgram ffmpeg,
            SegmentCutter cutter,
            Feeder feeder)
            throws InterruptedException {
        long sequence = 0;
        long offsetMs = 0;
        for (Path file : files) {
            Sending sending = new Sending(file, callId, participantId, feeder, sequence, offsetMs);
            try {
                Recording recording = Recording.of(file, ffmpeg);
                if (sound != null) {
                    recording = recording.withSound(Recording.of(sound, ffmpeg));
                }
                sending.seconds = recording.seconds();
                Cut cut = cutter.cut(recording, sending::accept);
                offsetMs += cut.endMs();
                if (cut.lost() != null) {
                    failed++;
                    troubles.add(file + " was sent in part: " + cut.lost() + ".");
                }
            } catch (IOException e) {
                failed++;
                troubles.add(e.getMessage());
            }
            sequence = sending.sequence;
        }
    }

    /** Sends the segments of one file. */
    private final class Sending {
        private final Path file;
        private final String callId;
        private final String participantId;
        private final Feeder feeder;
        private final long offsetMs;
        private final long started = System.nanoTime();
        private double seconds;
        private long sequence;

        Sending(Path file, String callId, String participantId, Feeder feeder, long sequence, long offsetMs) {
            this.file = file;
            this.callId = callId;
            this.participantId = participantId;
            this.feeder = feeder;
            this.sequence = sequence;
            this.offsetMs = offsetMs;
        }

        void accept(Segment segment) throws InterruptedException {
            long endMs = segment.startMs() + segment.durationMs();
            if (realtime) {
                // a live segment can be sent only once it has been spoken
                Thread.sleep(Math.max(0, endMs - (System.nanoTime() - started) / 1_000_000));
            }
            Segment placed = new Segment(
                    segment.media(), segment.mediaType(), offsetMs + segment.startMs(), segment.durationMs());
            ClipId clip = new ClipId(callId, participantId, sequence);
            feeder.deliver(clip, placed, consent, agreed.terms());
            sequence++;
            sent++;
            print(clip, placed);
            progress(endMs);
        }

        private void print(ClipId clip, Segment segment) {
            PrintWriter out = spec.commandLine().getOut();
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
        }

        /** A line that is written over, for people only. */
        private void progress(long endMs) {
            if (System.console() == null || json) {
                return;
            }
            String of = seconds > 0 ? String.format(Locale.ROOT, " of %.0f", seconds) : "";
            spec.commandLine()
                    .getErr()
                    .printf(Locale.ROOT, "%s: %.0f%s s\r", file.getFileName(), endMs / 1000.0, of)
                    .flush();
        }
    }
}
