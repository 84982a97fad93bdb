package io.migr.features;

import io.migr.features.ffmpeg.FfmpegProgram;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Makes media files with FFmpeg, for tests. */
final class Media {
    static final FfmpegProgram PROGRAM = program();

    private Media() {}

    private static FfmpegProgram program() {
        try {
            return FfmpegProgram.find();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** Runs FFmpeg with space-separated arguments and returns the file that it wrote. */
    static byte[] make(String extension, String words) throws IOException, InterruptedException {
        Path out = Files.createTempFile("media", "." + extension);
        try {
            List<String> arguments = new ArrayList<>(List.of("-hide_banner", "-nostdin", "-y", "-v", "error"));
            arguments.addAll(List.of(words.split(" ")));
            arguments.add(out.toString());
            Process process = PROGRAM.command("ffmpeg", arguments)
                    .redirectErrorStream(true)
                    .start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new IOException("ffmpeg " + words + " failed: " + output);
            }
            return Files.readAllBytes(out);
        } finally {
            Files.delete(out);
        }
    }

    /** A file that cannot be made by FFmpeg alone, from the test's resources. */
    static byte[] kept(String name) throws IOException {
        try (var in = Media.class.getResourceAsStream("/cases/" + name)) {
            return in.readAllBytes();
        }
    }

    /** FFmpeg arguments for a test picture and a tone of 200 Hz, both {@code seconds} long. */
    static String source(String size, int rate, double seconds) {
        return "-f lavfi -i testsrc2=s=" + size + ":r=" + rate + ":d=" + seconds + " -f lavfi -i sine=f=200:d="
                + seconds + ":r=48000";
    }
}
