package io.migr.features;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * Cuts media into segments. Media that is short enough stays as it is, byte for byte; longer media is re-encoded into
 * mp4 segments, each starting with a key frame.
 */
public final class SegmentCutter {
    private static final int LONG_SIDE = 640;
    private static final int MEMORY_MB = 2048;
    private static final int PROBE_SECONDS = 20;
    private static final String LIST = "segments.csv";

    private final FfmpegProgram program;
    private final int seconds;
    private final long largest;

    /** One segment as a complete media file; {@code startMs} counts from the start of the recording. */
    public record Segment(byte[] media, String mediaType, long startMs, int durationMs) {}

    /** Receives the segments one after another. */
    public interface Receiver {
        void accept(Segment segment) throws IOException, InterruptedException;
    }

    /**
     * Creates a cutter for segments of one length.
     *
     * @param seconds length of a segment, s; a recording at most 1 s longer stays whole
     * @param largest size limit of a segment, bytes
     */
    public SegmentCutter(FfmpegProgram program, int seconds, long largest) {
        this.program = program;
        this.seconds = seconds;
        this.largest = largest;
    }

    /**
     * Cuts a file and passes the segments to {@code receiver} in the order of their times.
     *
     * @throws IOException if the file cannot be read or a segment exceeds the size limit; the message says which
     */
    public void cut(Path file, Receiver receiver) throws IOException, InterruptedException {
        double duration = duration(file);
        if (duration <= seconds + 1) {
            byte[] media = Files.readAllBytes(file);
            refuseLarge(file, media.length);
            receiver.accept(new Segment(media, mediaType(file), 0, (int) Math.round(duration * 1000)));
            return;
        }
        Path folder = Files.createTempDirectory("migr-segments");
        try {
            encode(file, folder, duration);
            // name, start, end: cuts fall on frames, so segments differ in length
            for (String line : Files.readAllLines(folder.resolve(LIST))) {
                String[] fields = line.split(",");
                byte[] media = Files.readAllBytes(folder.resolve(fields[0]));
                refuseLarge(file, media.length);
                long start = Math.round(Double.parseDouble(fields[1]) * 1000);
                long end = Math.round(Double.parseDouble(fields[2]) * 1000);
                receiver.accept(new Segment(media, "video/mp4", start, (int) Math.max(1, end - start)));
            }
        } finally {
            try (var files = Files.list(folder)) {
                for (Path left : files.toList()) {
                    Files.delete(left);
                }
            }
            Files.delete(folder);
        }
    }

    private void refuseLarge(Path file, long size) throws IOException {
        if (size > largest) {
            throw new IOException(
                    "A segment of " + file + " has " + size + " bytes, more than clip.max.bytes = " + largest
                            + ". Lower its bit rate, cut shorter segments (--clip-segment-seconds), or raise the limit.");
        }
    }

    private static String mediaType(Path file) {
        String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
        return name.endsWith(".webm") ? "video/webm" : name.endsWith(".mkv") ? "video/x-matroska" : "video/mp4";
    }

    /** The duration in seconds; refuses a file that is not a recording. */
    private double duration(Path file) throws IOException, InterruptedException {
        if (!Files.isRegularFile(file)) {
            throw new IOException("There is no file " + file + ".");
        }
        Process process = FfmpegCommand.ffprobe()
                .add("-v", "error")
                .add("-show_entries", "format=duration:packet=pts_time,duration_time", "-of", "csv=p=0")
                .standardInput(FfmpegCommand.LARGEST_PICTURE)
                .limited(program, MEMORY_MB, 64, PROBE_SECONDS)
                .redirectInput(file.toFile())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        double longest = 0;
        for (String line : new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII)
                .lines()
                .toList()) {
            double end = 0;
            for (String field : line.split(",")) {
                end += field.matches("-?\\d+(\\.\\d+)?") ? Double.parseDouble(field) : 0;
            }
            longest = Math.max(longest, end);
        }
        process.waitFor(PROBE_SECONDS, TimeUnit.SECONDS);
        process.destroyForcibly();
        if (longest <= 0) {
            throw new IOException(file + " is not a readable recording (" + Files.size(file)
                    + " bytes). Give an mp4, webm, mkv or mov file.");
        }
        return longest;
    }

    private void encode(Path file, Path folder, double duration) throws IOException, InterruptedException {
        Path log = folder.resolve("log");
        Process process = FfmpegCommand.ffmpeg()
                .add("-v", "error")
                .standardInput(FfmpegCommand.LARGEST_PICTURE)
                .add("-map", "0:V:0?", "-map", "0:a:0?")
                .add("-vf", FfmpegCommand.fit(LONG_SIDE) + ":force_divisible_by=2")
                .h264("1M")
                .add("-force_key_frames", "expr:gte(t,n_forced*" + seconds + ")")
                .aac()
                .add("-f", "segment", "-segment_time", "" + seconds, "-segment_time_delta", "0.2")
                .add("-segment_list", folder.resolve(LIST).toString(), "-reset_timestamps", "1")
                .add(folder.resolve("%06d.mp4").toString())
                .limited(program, MEMORY_MB, 256, (int) Math.min(86_400, 120 + 4 * duration))
                .redirectInput(file.toFile())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(log.toFile())
                .start();
        process.waitFor();
        if (!Files.exists(folder.resolve(LIST))) {
            throw new IOException(file + " cannot be cut into segments: "
                    + Files.readString(log)
                            .lines()
                            .filter(line -> !line.contains("version information"))
                            .findFirst()
                            .orElse("nothing could be decoded"));
        }
    }
}
