package io.migr.features;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.migr.features.MediaDecoder.Tracks;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

@Tag("slow")
class FrameTimesTest {

    @ParameterizedTest
    @CsvSource({
        "mp4,  -c:v libopenh264 -c:a aac",
        "mov,  -c:v libopenh264 -c:a aac",
        "mp4,  -c:v libopenh264 -c:a aac -movflags +faststart",
        "mp4,  -c:v mpeg4 -bf 2 -c:a aac",
        "mkv,  -c:v libopenh264 -c:a libopus",
        "webm, -c:v libvpx -deadline realtime -c:a libopus",
        "webm, -c:v libvpx -deadline realtime -c:a libopus -live 1 -cluster_time_limit 500"
    })
    void guessesTheTimesOfTheDecodedFrames(String container, String codecs) throws Exception {
        byte[] media = Media.make(container, Media.source("160x120", 25, 2) + " " + codecs.strip());
        double[] guess = FrameTimes.guess(media);
        double start = guess[0];
        assertArrayEquals(
                IntStream.range(0, 50).mapToDouble(i -> i / 25.0).toArray(),
                Arrays.stream(guess).map(time -> time - start).toArray(),
                1e-9);
    }

    @Test
    void isEmptyIfThereIsNoIndex() throws Exception {
        String codecs = " -c:v libopenh264 -c:a aac -movflags +frag_keyframe+empty_moov";
        assertEquals(0, FrameTimes.guess(Media.make("mp4", Media.source("160x120", 25, 1) + codecs)).length);
        assertEquals(0, FrameTimes.guess(Media.make("m4a", "-f lavfi -i sine=f=150:d=1 -c:a aac")).length);
        assertEquals(0, FrameTimes.guess(new byte[0]).length);
        assertEquals(0, FrameTimes.guess(new byte[12]).length);
    }

    static Stream<double[]> wrongGuesses() {
        return Stream.of(
                new double[0],
                new double[] {0},
                IntStream.range(0, 49).mapToDouble(i -> i / 25.0).toArray(),
                IntStream.range(0, 80).mapToDouble(i -> i / 25.0).toArray(),
                IntStream.range(0, 50).mapToDouble(i -> i * i).toArray(),
                new double[] {Double.NaN, Double.POSITIVE_INFINITY});
    }

    @ParameterizedTest
    @MethodSource("wrongGuesses")
    void aWrongGuessChangesNothing(double[] wrong, @TempDir Path folder) throws Exception {
        Path input = folder.resolve("media");
        Files.write(input, Media.make("mp4", Media.source("160x120", 25, 2) + " -c:v libopenh264 -c:a aac"));
        DecodingRun run = new DecodingRun(Media.PROGRAM, MediaLimits.usual(), folder, input);
        Tracks tracks = new MediaDecoder(run, wrong).decode();
        double[] times = tracks.pictures().frames().stream()
                .mapToDouble(PictureTrack.Slot::seconds)
                .toArray();
        int[] sampled = FrameSampler.uniform(50, 8);
        assertArrayEquals(Arrays.stream(sampled).mapToDouble(i -> i / 25.0).toArray(), times, 1e-6);
        assertEquals(2, tracks.pictures().seconds(), 1e-3);
        assertTrue(tracks.sound().samples().length > 30_000);
    }

    @Test
    void brokenFilesDoNoHarm() throws Exception {
        SplittableRandom random = new SplittableRandom(11);
        for (String container : new String[] {"mp4", "mkv"}) {
            byte[] whole = Media.make(container, Media.source("64x64", 25, 1) + " -c:v libopenh264 -c:a aac");
            for (int i = 0; i < 3000; i++) {
                byte[] broken = Arrays.copyOf(whole, i % 2 == 0 ? whole.length : random.nextInt(whole.length));
                int from = container.equals("mp4") ? Math.max(0, broken.length - 3000) : 0;
                for (int hits = 0; hits < 8 && broken.length > 0; hits++) {
                    broken[from + random.nextInt(Math.min(3000, broken.length - from))] = (byte) random.nextInt();
                }
                assertTrue(FrameTimes.guess(broken).length <= 10_000);
            }
        }
    }
}
