package io.migr.features.ffmpeg;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FfmpegProgramTest {

    @Test
    void unpacksIntoAnEmptyCacheAndStarts(@TempDir Path cache) throws IOException, InterruptedException {
        FfmpegProgram program = FfmpegProgram.find(cache);
        Process process = program.command("ffprobe", List.of("-hide_banner", "-version"))
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), output);
        assertTrue(output.contains("ffprobe version 8."), output);
        try (var folders = Files.list(cache)) {
            assertEquals(1, folders.count(), "one folder and no partly unpacked one");
        }
        FfmpegProgram.find(cache);
    }

    @Test
    void limitsHold(@TempDir Path folder) throws IOException, InterruptedException {
        Path out = folder.resolve("big.raw");
        Process process = FfmpegProgram.find()
                .limited(
                        "ffmpeg",
                        List.of(
                                "-hide_banner",
                                "-f",
                                "lavfi",
                                "-i",
                                "color=s=1280x720:d=20",
                                "-f",
                                "rawvideo",
                                out.toString()),
                        2048,
                        3,
                        10)
                .redirectErrorStream(true)
                .start();
        process.getInputStream().readAllBytes();
        assertNotEquals(0, process.waitFor());
        assertTrue(Files.size(out) <= 3 << 20, Files.size(out) + " bytes were written");
    }
}
