package io.migr.features;

import io.migr.features.ClipFeatures.Audio;
import io.migr.features.ffmpeg.FfmpegCommand;
import io.migr.features.ffmpeg.FfmpegProgram;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** Runs FFmpeg on one clip, within limits, and says where it wrote pictures, sound and its log. */
final class DecodingRun {
    /** What is decoded beyond the longest clip, to see that a clip is longer, s. */
    static final int SLACK_SECONDS = 1;

    private static final int LONG_SIDE = 448;
    /** With less free space than this a disk counts as full, bytes. */
    private static final long FULL = 1 << 20;

    /** To linear light, BT.709's colours, Hable's curve, back to its transfer function and full range. */
    static final String TONE_MAP = "zscale=t=linear:npl=100,format=gbrpf32le,zscale=p=bt709,"
            + "tonemap=tonemap=hable:desat=0,zscale=t=bt709:m=bt709:r=pc,";

    private final FfmpegProgram program;
    private final MediaLimits limits;
    private final Path folder;
    private final Path input;

    DecodingRun(FfmpegProgram program, MediaLimits limits, Path folder, Path input) {
        this.program = program;
        this.limits = limits;
        this.folder = folder;
        this.input = input;
    }

    /** What to do with a track of pictures: its number, the numbers of the pictures to write (empty: all). */
    record Wish(int track, int[] wanted, boolean toneMapped) {}

    /**
     * Decodes in one process.
     *
     * @param picture null: no pictures
     * @param sound the number of a track of sound; -1: none
     */
    RunLog run(Wish picture, int sound) throws IOException, MediaRejectedException, InterruptedException {
        Path file = folder.resolve("log");
        FfmpegCommand command = command();
        if (picture != null) {
            Files.deleteIfExists(pictures());
            addPictures(command, picture);
        }
        if (sound >= 0) {
            Files.deleteIfExists(sound());
            command.add("-map", "0:a:" + sound, "-t", seconds())
                    .add("-af", "atrim=duration=" + seconds() + "," + RunLog.SOUND_FILTER)
                    .add("-ac", "2", "-ar", "" + Audio.SAMPLE_RATE, "-f", "f32le", sound().toString());
        }
        Process process = command.limited(program, limits.memoryMb(), limits.outputMb(), limits.wallSeconds())
                .redirectInput(input.toFile())
                .redirectOutput(Redirect.DISCARD)
                .redirectError(file.toFile())
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
        if (Files.getFileStore(folder).getUsableSpace() < FULL) {
            // FFmpeg's output may have ended early, which looks like a clip that ends early
            throw new IOException("the temporary folder " + folder.getParent()
                    + " is full. Free space there, or set TMPDIR" + " to another folder.");
        }
        return RunLog.read(file);
    }

    private FfmpegCommand command() {
        return FfmpegCommand.ffmpeg()
                .add("-nostats", "-y", "-threads", "1")
                .add("-max_alloc", Long.toString((long) limits.memoryMb() / 4 << 20))
                // packets before the first key frame of a live chunk fail; what follows is good
                .add("-max_error_rate", "1")
                .onlyKnownCodecs()
                .standardInput(limits.pixels());
    }

    private String seconds() {
        return Integer.toString(limits.seconds() + SLACK_SECONDS);
    }

    private void addPictures(FfmpegCommand command, Wish wish) {
        String filter = "trim=duration=" + seconds() + "," + RunLog.PICTURE_FILTER
                + ",freezedetect=noise=" + PictureTrack.FROZEN_NOISE + ":duration=" + PictureTrack.FROZEN_SECONDS + ","
                + selection(wish.wanted()) + FfmpegCommand.fit(LONG_SIDE) + "," + (wish.toneMapped() ? TONE_MAP : "")
                + "format=" + RunLog.WRITTEN_FORMAT + "," + RunLog.PICTURE_FILTER;
        command.add("-map", "0:V:" + wish.track(), "-t", seconds(), "-vf", filter, "-fps_mode", "passthrough")
                // each picture keeps its own size
                .add(
                        "-noautoscale",
                        "-c:v",
                        "rawvideo",
                        "-f",
                        "rawvideo",
                        pictures().toString());
    }

    /** The filter that keeps the frames in {@code wanted}; empty: all frames are kept. */
    private static String selection(int[] wanted) {
        return wanted.length == 0
                ? ""
                : Arrays.stream(wanted)
                        .mapToObj(number -> "eq(n," + number + ")")
                        .collect(Collectors.joining("+", "select='", "',"));
    }

    /** Where the pictures are: red, green and blue of each pixel, row by row, picture after picture. */
    Path pictures() {
        return folder.resolve("pictures");
    }

    /** Where the sound is: left and right in turn, little-endian 32-bit floats at 16 kHz. */
    Path sound() {
        return folder.resolve("sound");
    }

    MediaLimits limits() {
        return limits;
    }
}
