package io.migr.cli.feed;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.migr.corpus.Clip;
import io.migr.corpus.ClipFile;
import io.migr.corpus.Split;
import io.migr.features.ClipFeatures;
import io.migr.features.FfmpegExtractor;
import io.migr.features.MediaLimits;
import io.migr.features.Recording;
import io.migr.features.SegmentCutter;
import io.migr.features.SegmentCutter.Segment;
import io.migr.features.ffmpeg.FfmpegProgram;
import io.migr.perception.ClipPerception;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The segments that feed makes from a file. */
@Tag("slow")
class SegmentCutterTest {
    private final ClipPerception perception = new ClipPerception(false);

    @AfterEach
    void free() {
        perception.close();
    }

    /** A clip with speech. */
    private static final long SEED = Split.TEST.seed(4);

    @TempDir
    static Path folder;

    private static FfmpegProgram program;
    private static Path clip;

    @BeforeAll
    static void write() throws IOException, InterruptedException {
        program = FfmpegProgram.find();
        clip = folder.resolve("clip.mp4");
        ClipFile.write(Clip.of(SEED), clip, program);
    }

    private static List<Segment> cut(Path file, int seconds, long largest) throws IOException, InterruptedException {
        List<Segment> segments = new ArrayList<>();
        new SegmentCutter(program, seconds, largest).cut(Recording.of(file, program), segments::add);
        return segments;
    }

    @Test
    void aShortFileIsSentUnchanged() throws Exception {
        List<Segment> segments = cut(clip, 4, 1 << 20);
        assertEquals(1, segments.size());
        assertArrayEquals(Files.readAllBytes(clip), segments.get(0).media());
        assertEquals(3000, segments.get(0).durationMs(), 50);
    }

    @Test
    void aLongFileIsCutWithoutGapsAndEachSegmentHasPictureAndVoice() throws Exception {
        Path file = looped("long.mp4", 3);
        List<Segment> segments = cut(file, 4, 1 << 20);
        assertTrue(segments.size() >= 3, segments.size() + " segments of 12 s");
        long end = 0;
        FfmpegExtractor extractor = new FfmpegExtractor(program, MediaLimits.usual());
        for (Segment segment : segments) {
            assertEquals(end, segment.startMs(), 60);
            end = segment.startMs() + segment.durationMs();
            ClipFeatures features = extractor.extract(segment.media());
            assertEquals(segment.durationMs(), features.durationMs(), 200);
            if (segment.durationMs() > 1000) {
                assertEquals(4000, segment.durationMs(), 200);
                assertEquals(8, features.visual().frames().size());
                assertTrue(
                        perception.voice(features.audio().samples()).getVoiceActivity() > 0,
                        "no speech from " + segment.startMs());
            }
        }
        assertEquals(12_000, end, 400);
    }

    @Test
    @Tag("long")
    void anHourIsCutWithoutAGap() throws Exception {
        Path file = looped("hour.mp4", 1199);
        List<long[]> pieces = new ArrayList<>();
        List<Segment> sample = new ArrayList<>();
        new SegmentCutter(program, 10, 4 << 20).cut(Recording.of(file, program), segment -> {
            pieces.add(new long[] {segment.startMs(), segment.durationMs()});
            if (pieces.size() % 60 == 1) {
                sample.add(segment);
            }
        });
        double seconds = Recording.of(file, program).seconds();
        assertEquals(Math.ceil(seconds / 10), pieces.size(), 1);
        long end = 0;
        for (long[] piece : pieces) {
            assertEquals(end, piece[0], 60);
            end = piece[0] + piece[1];
        }
        assertEquals(1000 * seconds, end, 100);
        FfmpegExtractor extractor = new FfmpegExtractor(program, MediaLimits.usual());
        for (Segment segment : sample) {
            ClipFeatures features = extractor.extract(segment.media());
            assertEquals(segment.durationMs(), features.durationMs(), 300);
            assertTrue(
                    perception.voice(features.audio().samples()).getVoiceActivity() > 0,
                    "there is a voice from " + segment.startMs());
        }
    }

    /** Repeats the clip the given number of times. */
    private static Path looped(String name, int again) throws IOException, InterruptedException {
        Path file = folder.resolve(name);
        List<String> arguments = List.of(
                "-v", "error", "-stream_loop", "" + again, "-i", clip.toString(), "-c", "copy", "-y", file.toString());
        assertEquals(
                0,
                program.command("ffmpeg", arguments)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start()
                        .waitFor());
        return file;
    }

    @Test
    void aFileThatIsNotARecordingIsNamed() throws Exception {
        byte[] whole = Files.readAllBytes(clip);
        List<byte[]> contents = List.of(
                "#EXTM3U\nfile:///etc/passwd\n".getBytes(StandardCharsets.US_ASCII),
                java.util.Arrays.copyOf(whole, 2000));
        for (byte[] content : contents) {
            Path file = Files.write(folder.resolve("broken.mp4"), content);
            IOException e = assertThrows(IOException.class, () -> cut(file, 4, 1 << 20));
            assertTrue(
                    e.getMessage().contains("broken.mp4") && e.getMessage().contains("not a readable recording"),
                    e.getMessage());
        }
        IOException none = assertThrows(IOException.class, () -> cut(folder.resolve("none.mp4"), 4, 1));
        assertTrue(none.getMessage().contains("none.mp4"), none.getMessage());
    }

    @Test
    void theErrorForATooLargeSegmentNamesTheLimit() {
        IOException e = assertThrows(IOException.class, () -> cut(clip, 4, 1000));
        assertTrue(e.getMessage().contains("clip.max.bytes = 1000"), e.getMessage());
    }
}
