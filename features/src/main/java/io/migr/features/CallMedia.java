package io.migr.features;

import io.migr.features.ffmpeg.FfmpegCommand;
import io.migr.features.ffmpeg.FfmpegProgram;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** Makes the media of a call from a picture or a sound file, in an FFmpeg child process within limits. */
public final class CallMedia {
    private static final MediaLimits LIMITS = MediaLimits.usual();

    private final FfmpegProgram program;

    public CallMedia(FfmpegProgram program) {
        this.program = program;
    }

    /** As {@link #ofPicture(Path, double)}, of the picture as it is. */
    public byte[] ofPicture(Path picture) throws IOException, MediaRejectedException, InterruptedException {
        return ofPicture(picture, 1);
    }

    /**
     * An mp4 that shows a PNG or JPEG picture for 2 s, 10 times a second, with silent sound.
     *
     * @param light factor on every value of the picture, above 0 to 1; 1: as it is
     * @throws MediaRejectedException if the file is not such a picture
     */
    public byte[] ofPicture(Path picture, double light)
            throws IOException, MediaRejectedException, InterruptedException {
        String dim = light == 1 ? "" : "format=rgb24,colorchannelmixer=rr=%1$s:gg=%1$s:bb=%1$s,".formatted(light);
        FfmpegCommand command = from("png_pipe,jpeg_pipe", "-framerate", "10")
                .add("-f", "lavfi", "-i", "anullsrc=r=48000:cl=mono")
                .add("-vf", dim + "loop=19:1,pad=ceil(iw/2)*2:ceil(ih/2)*2", "-r", "10", "-t", "2")
                .h264("2000k")
                .aac();
        return run(command, picture, ".mp4");
    }

    /**
     * An mkv with the first 4 s of a wav file and no pictures.
     *
     * @throws MediaRejectedException if the file is not a wav file with sound
     */
    public byte[] ofSound(Path sound) throws IOException, MediaRejectedException, InterruptedException {
        return run(from("wav").add("-vn", "-t", "4", "-c:a", "flac"), sound, ".mkv");
    }

    /** A command that reads standard input in the given formats only. */
    private static FfmpegCommand from(String formats, String... options) {
        return FfmpegCommand.ffmpeg()
                .add("-v", "error", "-y", "-max_pixels", Integer.toString(LIMITS.pixels()))
                .add("-protocol_whitelist", "fd", "-format_whitelist", formats)
                .add(options)
                .add("-i", "fd:");
    }

    private byte[] run(FfmpegCommand command, Path input, String suffix)
            throws IOException, MediaRejectedException, InterruptedException {
        Path output = Files.createTempFile("migr", suffix);
        Path log = Files.createTempFile("migr", ".log");
        try {
            Process process = command.add(output.toString())
                    .limited(program, LIMITS.memoryMb(), LIMITS.outputMb(), LIMITS.wallSeconds())
                    .redirectInput(input.toFile())
                    .redirectOutput(Redirect.DISCARD)
                    .redirectError(log.toFile())
                    .start();
            try {
                if (!process.waitFor(LIMITS.wallSeconds(), TimeUnit.SECONDS)) {
                    throw new MediaRejectedException(
                            "FFmpeg needed more than " + LIMITS.wallSeconds() + " s. Give a smaller file.");
                }
            } finally {
                process.destroyForcibly();
                process.waitFor();
            }
            byte[] media = Files.readAllBytes(output);
            if (process.exitValue() != 0 || media.length == 0) {
                String reason = Files.readString(log)
                        .lines()
                        .filter(line -> !line.contains("no version information"))
                        .findFirst()
                        .orElse("no reason given");
                throw new MediaRejectedException("FFmpeg cannot read it as a picture or sound: " + reason);
            }
            return media;
        } finally {
            Files.delete(output);
            Files.delete(log);
        }
    }
}
