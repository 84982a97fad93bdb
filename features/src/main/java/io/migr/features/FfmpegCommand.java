package io.migr.features;

import java.util.ArrayList;
import java.util.List;

/**
 * The words of one FFmpeg run, and the one list of what FFmpeg may open of media that somebody sends: standard input and
 * nothing else, containers and codecs of real recordings. Text, playlists and single pictures are none of these.
 */
public final class FfmpegCommand {
    private static final String CONTAINERS = "matroska,webm,mov,mp4,m4a,ogg,wav,avi";
    private static final String CODECS = "h264,hevc,vp8,vp9,libvpx,libvpx-vp9,av1,libaom-av1,libdav1d,mpeg4,mjpeg,"
            + "aac,opus,libopus,vorbis,mp3,mp3float,flac,ac3,pcm_s16le,pcm_s24le,pcm_f32le,pcm_u8";

    /** Pixels of a picture of 3840 x 2160. */
    static final int LARGEST_PICTURE = 3840 * 2160;

    private final String program;
    private final List<String> words = new ArrayList<>();

    private FfmpegCommand(String program) {
        this.program = program;
    }

    /** A run that decodes or encodes and never asks anything. */
    public static FfmpegCommand ffmpeg() {
        return new FfmpegCommand("ffmpeg").add("-hide_banner", "-nostdin");
    }

    /** A run that prints what a file is. */
    static FfmpegCommand ffprobe() {
        return new FfmpegCommand("ffprobe");
    }

    /** Adds words as they are. */
    public FfmpegCommand add(String... more) {
        words.addAll(List.of(more));
        return this;
    }

    /** Only the codecs of real recordings; comes before the input. */
    FfmpegCommand onlyKnownCodecs() {
        return add("-codec_whitelist", CODECS);
    }

    /**
     * Reads standard input, as one of the known containers.
     *
     * @param pixels most pixels of a picture
     */
    FfmpegCommand standardInput(int pixels) {
        add("-max_pixels", Integer.toString(pixels), "-protocol_whitelist", "fd");
        return add("-format_whitelist", CONTAINERS, "-i", "fd:");
    }

    /** A picture within a square of this side, never enlarged. */
    static String fit(int side) {
        return "scale='min(" + side + ",iw)':'min(" + side + ",ih)':force_original_aspect_ratio=decrease";
    }

    /** Encodes pictures as H.264, which every browser plays. */
    public FfmpegCommand h264(String bitRate) {
        return add("-c:v", "libopenh264", "-b:v", bitRate, "-pix_fmt", "yuv420p");
    }

    /** Encodes sound as AAC. */
    public FfmpegCommand aac() {
        return add("-c:a", "aac");
    }

    /** The process to be, without limits: for media that we made ourselves. */
    public ProcessBuilder unlimited(FfmpegProgram ffmpeg) {
        return ffmpeg.command(program, words);
    }

    /** The process to be, within limits as {@link FfmpegProgram#limited} sets them. */
    ProcessBuilder limited(FfmpegProgram ffmpeg, long addressSpaceMb, long fileMb, int cpuSeconds) {
        return ffmpeg.limited(program, words, addressSpaceMb, fileMb, cpuSeconds);
    }
}
