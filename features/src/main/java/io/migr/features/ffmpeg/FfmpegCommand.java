package io.migr.features.ffmpeg;

import java.util.ArrayList;
import java.util.List;

/**
 * Builds the arguments of one ffmpeg or ffprobe run. Of media from outside, FFmpeg may read standard input alone, in the
 * containers and codecs of {@link MediaFormats}.
 */
public final class FfmpegCommand {
    /** The largest number of pixels in a picture: 3840 x 2160. */
    public static final int LARGEST_PICTURE = 3840 * 2160;

    private final String program;
    private final List<String> words = new ArrayList<>();

    private FfmpegCommand(String program) {
        this.program = program;
    }

    /** An ffmpeg command, for decoding and encoding; it never waits for input from a terminal. */
    public static FfmpegCommand ffmpeg() {
        return new FfmpegCommand("ffmpeg").add("-hide_banner", "-nostdin");
    }

    /** An ffprobe command, which prints the properties of a file. */
    public static FfmpegCommand ffprobe() {
        return new FfmpegCommand("ffprobe");
    }

    /** Appends arguments unchanged. */
    public FfmpegCommand add(String... more) {
        words.addAll(List.of(more));
        return this;
    }

    /** Allows only the codecs of real recordings; must precede the input. */
    public FfmpegCommand onlyKnownCodecs() {
        return add("-codec_whitelist", MediaFormats.decoders());
    }

    /**
     * Reads standard input, in one of the allowed containers.
     *
     * @param pixels the largest number of pixels in a picture
     */
    public FfmpegCommand standardInput(int pixels) {
        add("-max_pixels", Integer.toString(pixels), "-protocol_whitelist", "fd");
        return add("-format_whitelist", MediaFormats.demuxers(), "-i", "fd:");
    }

    /**
     * A filter that makes pixels square, which enlarges the side along which they are longer, and scales the picture
     * down to fit a square of {@code side} pixels; it enlarges nothing else.
     */
    public static String fit(int side) {
        return "scale='min(" + side + ",iw*max(1,sar))':'min(" + side + ",ih*max(1,1/sar))'"
                + ":force_original_aspect_ratio=decrease:reset_sar=1";
    }

    /** Encodes pictures as H.264, which every browser plays. */
    public FfmpegCommand h264(String bitRate) {
        return add("-c:v", "libopenh264", "-b:v", bitRate, "-pix_fmt", "yuv420p");
    }

    /** Encodes sound as AAC. */
    public FfmpegCommand aac() {
        return add("-c:a", "aac");
    }

    /** The process, not yet started, without limits: only for media that this program has generated. */
    public ProcessBuilder unlimited(FfmpegProgram ffmpeg) {
        return ffmpeg.command(program, words);
    }

    /** The process, not yet started, with the limits that {@link FfmpegProgram#limited} sets. */
    public ProcessBuilder limited(FfmpegProgram ffmpeg, long addressSpaceMb, long fileMb, int cpuSeconds) {
        return ffmpeg.limited(program, words, addressSpaceMb, fileMb, cpuSeconds);
    }
}
