package io.migr.features;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.ProcessBuilder.Redirect;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Decodes one clip in FFmpeg child processes and reads what they wrote to a temporary folder. */
final class MediaDecoder {
    private static final int LONG_SIDE = 448;
    private static final int SLACK_SECONDS = 1;
    private static final Pattern TIME = Pattern.compile("Parsed_showinfo.* n: *\\d+ .*pts_time:([-+.\\deE]+|NOPTS)");
    private static final Pattern ERROR_LINE =
            Pattern.compile("(?i)(?:^|\\] |: )([^\\[\\]]*(?:invalid data|whitelist|moov atom|not on|could not find|"
                    + "cannot allocate|exceed|too large|unsupported|unknown)[^\\[\\]]*)$");
    /** The position of one picture's bytes in the output file, its size in pixels and its time in seconds. */
    record Slot(long offset, int width, int height, double seconds) {
        Slot at(double time) {
            return new Slot(offset, width, height, time);
        }
    }

    /**
     * The output of one run.
     *
     * @param frames the sampled pictures, in decoding order
     * @param seconds length of the video track
     * @param samples mono at 16 kHz, -1..1
     * @param errorLine a line of FFmpeg's log that explains a failure; null: there is none
     */
    record Tracks(
            List<Slot> frames,
            double seconds,
            float[] samples,
            boolean noVideoTrack,
            boolean noAudioTrack,
            String errorLine) {}

    private final FfmpegProgram program;
    private final MediaLimits limits;
    private final Path folder;
    private final Path input;
    private final Path pictures;
    private final Path sound;
    /** Numbers of the frames to write; empty for all, when it is not known which ones will be sampled. */
    private int[] wanted;

    /**
     * Prepares decoding without starting a process.
     *
     * @param guess the expected times of the frames, seconds; if they turn out wrong, the clip is decoded again, so a
     *     right guess saves work and a wrong one changes nothing
     */
    MediaDecoder(FfmpegProgram program, MediaLimits limits, Path folder, Path input, double[] guess) {
        this.program = program;
        this.limits = limits;
        this.folder = folder;
        this.input = input;
        pictures = folder.resolve("pictures");
        sound = folder.resolve("sound");
        wanted = FrameSampler.nearest(guess, FrameSampler.FRAMES);
    }

    /**
     * Decodes the first video track, the first audio track, or both in one run. Runs FFmpeg a second time if a track is
     * missing or the guessed times turn out wrong.
     */
    Tracks run(boolean video, boolean audio) throws IOException, MediaRejectedException, InterruptedException {
        Path log = folder.resolve("log");
        Process process = command(video, audio)
                .limited(program, limits.memoryMb(), limits.outputMb(), limits.wallSeconds())
                .redirectInput(input.toFile())
                .redirectOutput(Redirect.DISCARD)
                .redirectError(log.toFile())
                .start();
        try {
            if (!process.waitFor(limits.wallSeconds(), TimeUnit.SECONDS)) {
                throw new MediaRejectedException("Decoding the media took longer than the limit of "
                        + limits.wallSeconds() + " s. Send shorter or smaller clips.");
            }
        } finally {
            process.destroyForcibly();
            process.waitFor();
        }
        List<String> lines = lines(log);
        boolean noVideo = lines.stream().anyMatch(line -> line.contains("'0:V:0' for option 'map'"));
        boolean noAudio = lines.stream().anyMatch(line -> line.contains("'0:a:0' for option 'map'"));
        if (video && audio && (noVideo || noAudio)) {
            // if one of the two tracks is missing, FFmpeg stops before it decodes the other
            if (noVideo) {
                Tracks alone = run(false, true);
                return new Tracks(List.of(), 0, alone.samples(), true, alone.noAudioTrack(), alone.errorLine());
            }
            Tracks alone = run(true, false);
            return new Tracks(
                    alone.frames(), alone.seconds(), new float[0], alone.noVideoTrack(), true, alone.errorLine());
        }
        List<Slot> frames = video ? frames() : List.of();
        double[] times = times(lines, frames.size());
        int[] sampled = FrameSampler.nearest(times, FrameSampler.FRAMES);
        if (video && wanted.length > 0 && !(Arrays.equals(sampled, wanted) && frames.size() == wanted.length)) {
            wanted = new int[0];
            return run(true, audio);
        }
        List<Slot> pictures = new ArrayList<>();
        for (int i = 0; i < sampled.length && video; i++) {
            pictures.add(frames.get(wanted.length > 0 ? i : sampled[i]).at(times[sampled[i]]));
        }
        float[] samples = audio ? samples() : new float[0];
        return new Tracks(pictures, video ? seconds(times) : 0, samples, noVideo, noAudio, errorLine(lines));
    }

    /** The length of a video track: from the start of the clip to one mean frame interval after the last frame. */
    private static double seconds(double[] times) {
        int n = times.length;
        double step = n > 1 ? (times[n - 1] - times[0]) / (n - 1) : 0;
        return n == 0 ? 0 : times[n - 1] - Math.min(0, times[0]) + step;
    }

    private FfmpegCommand command(boolean video, boolean audio) {
        String seconds = Integer.toString(limits.seconds() + SLACK_SECONDS);
        FfmpegCommand command = FfmpegCommand.ffmpeg()
                .add("-nostats", "-y", "-threads", "1")
                .add("-max_alloc", Long.toString((long) limits.memoryMb() / 4 << 20))
                .onlyKnownCodecs()
                .standardInput(limits.pixels());
        if (video) {
            String filter = "trim=duration=" + seconds + ",showinfo=checksum=0," + selection()
                    + FfmpegCommand.fit(LONG_SIDE) + ",format=rgb24";
            command.add("-map", "0:V:0", "-t", seconds, "-vf", filter, "-fps_mode", "passthrough")
                    .add("-c:v", "ppm", "-f", "image2pipe", pictures.toString());
        }
        if (audio) {
            command.add("-map", "0:a:0", "-t", seconds, "-ac", "2", "-ar", "" + LogMel.SAMPLE_RATE)
                    .add("-f", "f32le", sound.toString());
        }
        return command;
    }

    /** The filter that keeps the frames in {@code wanted}; empty: all frames are kept. */
    private String selection() {
        if (wanted.length == 0) {
            return "";
        }
        return Arrays.stream(wanted)
                .mapToObj(number -> "eq(n," + number + ")")
                .collect(Collectors.joining("+", "select='", "',"));
    }

    private static List<String> lines(Path log) throws IOException {
        // a hostile file can make FFmpeg log without end; the first megabyte is enough
        try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "r")) {
            byte[] head = new byte[(int) Math.min(file.length(), 1 << 20)];
            file.readFully(head);
            return new String(head, StandardCharsets.ISO_8859_1).lines().toList();
        }
    }

    private static String errorLine(List<String> lines) {
        for (String line : lines) {
            Matcher matcher = ERROR_LINE.matcher(line);
            if (matcher.find() && !line.contains("version information")) {
                String words = matcher.group(1).strip();
                return words.length() > 160 ? words.substring(0, 160) : words;
            }
        }
        return null;
    }

    /** Times of all decoded frames, seconds; exactly {@code count} of them if all frames were to be written. */
    private double[] times(List<String> lines, int count) {
        double[] printed = lines.stream()
                .map(TIME::matcher)
                .filter(Matcher::find)
                .mapToDouble(time -> time.group(1).equals("NOPTS") ? Double.NaN : Double.parseDouble(time.group(1)))
                .toArray();
        double[] times = Arrays.copyOf(printed, wanted.length > 0 ? printed.length : count);
        for (int i = 0; i < times.length; i++) {
            // a frame without a timestamp is placed 40 ms after the one before
            if (i >= printed.length || Double.isNaN(times[i])) {
                times[i] = i == 0 ? 0 : times[i - 1] + 0.04;
            }
        }
        return times;
    }

    /** Finds the pictures in a file of concatenated PPM images; a truncated one at the end does not count. */
    private List<Slot> frames() throws IOException, MediaRejectedException {
        List<Slot> frames = new ArrayList<>();
        if (!Files.exists(pictures)) {
            return frames;
        }
        try (RandomAccessFile file = new RandomAccessFile(pictures.toFile(), "r")) {
            if (file.length() >= (long) limits.outputMb() << 20) {
                throw new MediaRejectedException("The clip's decoded pictures fill more than the limit of "
                        + limits.outputMb() + " MiB. Send fewer pictures per second or shorter clips.");
            }
            byte[] header = new byte[32];
            long at = 0;
            while (at < file.length()) {
                file.seek(at);
                int got = file.read(header);
                Matcher ppm = Pattern.compile("^P6\\n(\\d+) (\\d+)\\n255\\n")
                        .matcher(new String(header, 0, Math.max(0, got), StandardCharsets.ISO_8859_1));
                if (!ppm.find()) {
                    break;
                }
                int width = Integer.parseInt(ppm.group(1));
                int height = Integer.parseInt(ppm.group(2));
                long body = at + ppm.end();
                at = body + 3L * width * height;
                if (at <= file.length()) {
                    frames.add(new Slot(body, width, height, 0));
                }
            }
        }
        return frames;
    }

    /** Reads one of the pictures: red, green and blue of each pixel, row by row. */
    byte[] rgb(Slot slot) throws IOException {
        byte[] rgb = new byte[3 * slot.width() * slot.height()];
        try (RandomAccessFile file = new RandomAccessFile(pictures.toFile(), "r")) {
            file.seek(slot.offset());
            file.readFully(rgb);
        }
        return rgb;
    }

    private float[] samples() throws IOException {
        if (!Files.exists(sound)) {
            return new float[0];
        }
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(sound)).order(ByteOrder.LITTLE_ENDIAN);
        int frames = bytes.remaining() / (2 * Float.BYTES);
        float[] left = new float[frames];
        float[] right = new float[frames];
        for (int i = 0; i < frames; i++) {
            left[i] = finite(bytes.getFloat());
            right[i] = finite(bytes.getFloat());
        }
        return mono(left, right);
    }

    private static float finite(float sample) {
        return Float.isFinite(sample) ? sample : 0;
    }

    /** The mean of two channels, or the stronger one if they cancel each other; scaled to at most 1 in magnitude. */
    static float[] mono(float[] left, float[] right) {
        double leftEnergy = 0;
        double rightEnergy = 0;
        double meanEnergy = 0;
        float[] mono = new float[left.length];
        for (int i = 0; i < mono.length; i++) {
            mono[i] = (left[i] + right[i]) / 2;
            leftEnergy += (double) left[i] * left[i];
            rightEnergy += (double) right[i] * right[i];
            meanEnergy += (double) mono[i] * mono[i];
        }
        if (meanEnergy < 0.05 * Math.max(leftEnergy, rightEnergy)) {
            mono = (leftEnergy >= rightEnergy ? left : right).clone();
        }
        float peak = 0;
        for (float sample : mono) {
            peak = Math.max(peak, Math.abs(sample));
        }
        for (int i = 0; peak > 1 && i < mono.length; i++) {
            mono[i] /= peak;
        }
        return mono;
    }
}
