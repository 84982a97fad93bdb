package io.migr.features;

import io.migr.features.ClipFeatures.Audio;
import io.migr.features.Recording.Picture;
import io.migr.features.Recording.Sound;
import io.migr.features.ffmpeg.FfmpegCommand;
import io.migr.features.ffmpeg.FfmpegProgram;
import io.migr.features.ffmpeg.Lines;
import io.migr.features.ffmpeg.MediaFormats;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.util.Optional;

/**
 * Cuts recordings into segments while they are decoded: nothing is written to the disk, and FFmpeg waits while a segment
 * is on its way. A recording that is short enough stays as it is, byte for byte. A longer one is encoded again as H.264
 * and FLAC in Matroska, each picture and each 20 ms of sound at its own time, each segment with a key frame first.
 */
public final class SegmentCutter {
    private static final int LONG_SIDE = 640;
    private static final int MEMORY_MB = 2048;
    /** What the end of a recording may lack of the length that its header states, seconds: tracks differ in length. */
    private static final double MISSING = 2;

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
     * What a recording became.
     *
     * @param endMs where its last segment ends, from the start of the recording
     * @param lost what of it could not be read, in words; null if nothing
     */
    public record Cut(long endMs, String lost) {}

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
     * Cuts a recording and passes the segments to {@code receiver} in the order of their times, each as soon as the
     * next one has begun.
     *
     * @throws IOException if nothing of the recording can be read or a segment exceeds the size limit; the message says
     *     which
     */
    public Cut cut(Recording recording, Receiver receiver) throws IOException, InterruptedException {
        long statedMs = Math.round(recording.seconds() * 1000);
        if (statedMs > 0 && whole(recording, statedMs)) {
            passWhole(recording, statedMs, receiver);
            return new Cut(statedMs, recording.refused());
        }
        FirstHeld passed = new FirstHeld(recording, receiver);
        Optional<Picture> picture = recording.picture();
        Optional<Sound> sound = new SoundChoice(program).of(recording);
        String lost = run(recording, picture, sound, passed);
        if (passed.endMs == 0 && picture.isPresent() && sound.isPresent()) {
            // FFmpeg stops when it cannot open one of the two
            String why = lost;
            lost = run(recording, Optional.empty(), sound, passed);
            if (passed.endMs == 0) {
                lost = run(recording, picture, Optional.empty(), passed);
            }
            lost = lost == null ? "one of picture and sound cannot be decoded: " + why : lost;
        }
        passed.end();
        if (passed.endMs == 0) {
            throw new IOException(recording.file() + " cannot be cut: " + lost + ". " + Recording.FORMATS);
        }
        return new Cut(passed.endMs, recording.refused() != null ? recording.refused() : lost);
    }

    private boolean whole(Recording recording, long ms) {
        return ms <= (seconds + 1) * 1000L && recording.bytes() <= largest && !recording.joined();
    }

    private void passWhole(Recording recording, long ms, Receiver receiver) throws IOException, InterruptedException {
        String name = recording.file().getFileName().toString();
        receiver.accept(new Segment(
                Files.readAllBytes(recording.file()), MediaFormats.mediaType(name), 0, (int) Math.max(1, ms)));
    }

    /** Keeps the first segment of a recording that states no length until it is known whether it is the only one. */
    private final class FirstHeld implements Receiver {
        private final Recording recording;
        private final Receiver receiver;
        private Segment held;
        private long endMs;

        FirstHeld(Recording recording, Receiver receiver) {
            this.recording = recording;
            this.receiver = receiver;
        }

        @Override
        public void accept(Segment segment) throws IOException, InterruptedException {
            boolean first = endMs == 0;
            endMs = segment.startMs() + segment.durationMs();
            pass(held);
            held = first ? segment : null;
            if (!first) {
                pass(segment);
            }
        }

        void end() throws IOException, InterruptedException {
            if (held != null && recording.seconds() == 0 && whole(recording, endMs)) {
                passWhole(recording, endMs, receiver);
            } else {
                pass(held);
            }
        }

        private void pass(Segment segment) throws IOException, InterruptedException {
            if (segment == null) {
                return;
            }
            if (segment.media().length > largest) {
                throw new IOException("A segment of " + recording.file() + " has " + segment.media().length
                        + " bytes, more than clip.max.bytes = " + largest
                        + ". Cut shorter segments (--clip-segment-seconds), or raise the limit.");
            }
            receiver.accept(segment);
        }
    }

    /** Decodes and encodes the given tracks; returns what could not be read, in words, null if nothing. */
    private String run(Recording recording, Optional<Picture> picture, Optional<Sound> sound, Receiver receiver)
            throws IOException, InterruptedException {
        ProcessBuilder builder = command(recording, picture, sound)
                .limited(program, MEMORY_MB, 1, cpuSeconds(recording))
                .redirectInput(recording.file().toFile())
                .redirectOutput(Redirect.PIPE);
        recording.soundFile().ifPresent(file -> FfmpegProgram.secondInput(builder, file));
        Process process = builder.start();
        try (MatroskaStream stream = new MatroskaStream(process.getInputStream())) {
            Lines log = Lines.of(process.getErrorStream());
            Segments segments = new Segments(stream, seconds, picture.isPresent(), receiver);
            segments.pass();
            process.waitFor();
            return segments.lost(sound.isPresent(), recording.seconds() - MISSING, log.reason());
        } finally {
            process.destroyForcibly();
            process.waitFor();
        }
    }

    private static int cpuSeconds(Recording recording) {
        double longest = recording.seconds() > 0 ? recording.seconds() : recording.bytes() / 1000.0;
        return (int) Math.min(Recording.LONGEST, 120 + 4 * longest);
    }

    private FfmpegCommand command(Recording recording, Optional<Picture> picture, Optional<Sound> sound) {
        FfmpegCommand command = FfmpegCommand.ffmpeg()
                .add("-v", "error")
                .onlyKnownCodecs()
                .standardInput(FfmpegCommand.LARGEST_PICTURE);
        if (recording.joined()) {
            command.onlyKnownCodecs().add("-fd", "3").standardInput(FfmpegCommand.LARGEST_PICTURE);
        }
        picture.ifPresent(
                track -> command.add("-map", "0:" + track.index(), "-vf", pictureFilter(track) + "," + marks())
                        // times in whole milliseconds, as Matroska has them: so a key frame falls exactly on each cut
                        .add("-fps_mode", "vfr", "-enc_time_base:v", "1/1000")
                        .h264("1M")
                        .add("-force_key_frames", "scd_metadata"));
        int samples = Audio.SAMPLE_RATE * Segments.SOUND_MS / 1000;
        sound.ifPresent(track -> command.add("-map", (recording.joined() ? "1:" : "0:") + track.index())
                .add("-af", "aformat=channel_layouts=mono|stereo,aresample=" + Audio.SAMPLE_RATE)
                .add("-c:a", "flac", "-frame_size", "" + samples));
        return command.add("-max_interleave_delta", "2000000", "-cluster_time_limit", "1000")
                .add("-f", "matroska", "-live", "1", "pipe:1");
    }

    /**
     * Marks the first picture of each segment as a scene change, so that the encoder makes it a key frame. FFmpeg
     * evaluates the condition more than once for a picture: variable 0 is the segment reached, 1 its first picture.
     */
    private String marks() {
        String next = "floor(t/" + seconds + ")+1";
        return "metadata=mode=add:key=lavfi.scd.time:value=0:enable='if(gt(" + next + ",ld(0)),st(0," + next
                + ")*st(1,n+1));eq(n+1,ld(1))'";
    }

    /**
     * Pictures with square pixels, of one size for the encoder: those of another shape than the first keep their aspect
     * between black bars.
     */
    private static String pictureFilter(Picture track) {
        double scale = Math.min(1, LONG_SIDE / (double) Math.max(track.width(), track.height()));
        int width = even(track.width() * scale);
        int height = even(track.height() * scale);
        String tones = track.highRange() ? DecodingRun.TONE_MAP : "";
        return tones + "scale=" + width + ":" + height
                + ":force_original_aspect_ratio=decrease:force_divisible_by=2:reset_sar=1,pad=" + width + ":" + height
                + ":(ow-iw)/2:(oh-ih)/2,settb=1/1000";
    }

    private static int even(double pixels) {
        return Math.max(2, 2 * (int) Math.round(pixels / 2));
    }
}
