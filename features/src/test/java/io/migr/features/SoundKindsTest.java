package io.migr.features;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.migr.features.RunLog.Block;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Sound is heard at its own time, from the right track. */
@Tag("slow")
class SoundKindsTest {
    private static final FfmpegExtractor EXTRACTOR = new FfmpegExtractor(Media.PROGRAM, MediaLimits.usual());
    /** Four seconds with a click in the middle of each, in frames of 10 ms. */
    private static final String CLICKS =
            "-f lavfi -i aevalsrc='lt(abs(mod(t,1)-0.5),0.004)*0.8*sin(6000*t)':s=16000:d=4,asetnsamples=n=160";

    private static final String PICTURES = "-f lavfi -i testsrc2=s=64x64:r=25:d=4 ";
    private static final String STEADY = "-f lavfi -i sine=f=100:d=3:r=16000 ";
    private static final String SILENT = "-f lavfi -i anullsrc=r=16000:cl=mono:d=3 ";
    /** A tone that comes and goes as syllables do. */
    private static final String VOICE = "-f lavfi -i sine=f=400:d=3:r=16000,tremolo=f=3:d=1 ";

    /** Where the clicks are, ms. */
    private static List<Integer> clicks(float[] samples) {
        List<Integer> clicks = new ArrayList<>();
        for (int i = 0; i < samples.length; i++) {
            int ms = i / 16;
            if (Math.abs(samples[i]) > 0.2 && (clicks.isEmpty() || ms - clicks.get(clicks.size() - 1) > 100)) {
                clicks.add(ms);
            }
        }
        return clicks;
    }

    private static void assertClicks(int[] expected, float[] samples) {
        List<Integer> found = clicks(samples);
        assertEquals(expected.length, found.size(), found.toString());
        for (int i = 0; i < expected.length; i++) {
            assertEquals(expected[i], found.get(i), 25, found.toString());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "mkv, pcm_s16le, 0.5",
        "mkv, pcm_mulaw -ar 8000, 1",
        "mkv, flac, 2",
        "mkv, aac -b:a 96k, 1",
        "webm, libopus -b:a 96k, 1",
        "mov, aac -b:a 96k, 0.5",
        "ts, aac -b:a 96k -ar 48000, 2"
    })
    void aGapBecomesSilenceOfItsLength(String ending, String codec, double gap) throws Exception {
        byte[] media = Media.make(
                ending,
                CLICKS + ",asetpts='PTS+gte(T,2)*" + gap + "/TB' -c:a " + codec + " -avoid_negative_ts disabled");
        ClipFeatures clip = EXTRACTOR.extract(media);
        int later = (int) (gap * 1000);
        assertClicks(
                new int[] {496, 1496, 2496 + later, 3496 + later}, clip.audio().samples());
        assertEquals(4000 + later, clip.durationMs(), 90);
        for (int i = 2_100; i < 1900 + later; i++) {
            assertEquals(0, clip.audio().samples()[16 * i], 1e-3, "at " + i + " ms");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "mkv, pcm_s16le, 1",
        "webm, libopus -b:a 96k, 0.5",
        "ts, aac -b:a 96k -ar 48000, 2",
        "mp4, aac -b:a 96k, 1"
    })
    void soundThatBeginsLaterThanThePictureHasSilenceBeforeIt(String ending, String codec, double late)
            throws Exception {
        String video = ending.equals("webm") ? "libvpx -deadline realtime" : "libopenh264";
        byte[] media = Media.make(
                ending, PICTURES + "-itsoffset " + late + " " + CLICKS + " -c:v " + video + " -c:a " + codec);
        ClipFeatures clip = EXTRACTOR.extract(media);
        int later = (int) (late * 1000);
        assertClicks(
                new int[] {496 + later, 1496 + later, 2496 + later, 3496 + later},
                clip.audio().samples());
        assertEquals(4000 + later, clip.durationMs(), 90);
        assertEquals(250, clip.visual().frames().get(0).timeMs(), 80);
    }

    @Test
    void aJumpOfHoursIsNoSilenceOfHours() throws Exception {
        byte[] media = Media.make("mkv", CLICKS + ",asetpts='PTS+gte(T,2)*36000/TB' -c:a pcm_s16le");
        ClipFeatures clip = EXTRACTOR.extract(media);
        assertClicks(new int[] {496, 1496}, clip.audio().samples());
        assertEquals(2000, clip.durationMs(), 30);
    }

    @Test
    void overlapsAndJitterChangeNothing() {
        float[] samples = new float[16_000];
        Arrays.fill(samples, 0.5f);
        List<Block> blocks = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            double jitter = i % 2 == 0 ? 0.04 : -0.3;
            blocks.add(new Block(i == 10 ? Double.NaN : i * 0.02 + jitter, 1, 16_000, 320));
        }
        assertArrayEquals(samples, new SoundTrack(samples, blocks).placed(0, 240_000));
    }

    @Test
    void placingIsBounded() {
        float[] samples = {1, 1, 1, 1};
        List<Block> blocks = List.of(
                new Block(0, 1, 16_000, 2), new Block(1e300, 1, 16_000, 1), new Block(Double.MAX_VALUE, 1, 1, 1));
        float[] placed = new SoundTrack(samples, blocks).placed(0, 100);
        assertEquals(100, placed.length);
        assertEquals(1, placed[1]);
        assertEquals(0, placed[2]);
        assertEquals(8, new SoundTrack(samples, List.of(new Block(1, 1, 16_000, 4))).placed(0.5, 8).length);
    }

    @ParameterizedTest
    @CsvSource({
        "STEADY, VOICE,, 1",
        "SILENT, VOICE,, 1",
        "VOICE, STEADY,, 0",
        "SILENT, VOICE, 0, 0",
        "STEADY, VOICE, 1, 1",
        "VOICE, STEADY, 1, 1"
    })
    void theDefaultTrackIsReadElseTheOneThatHasAVoice(String first, String second, Integer flagged, int read)
            throws Exception {
        String flags = " -disposition:a:0 " + (Integer.valueOf(0).equals(flagged) ? "default" : "0")
                + " -disposition:a:1 " + (Integer.valueOf(1).equals(flagged) ? "default" : "0");
        byte[] media = Media.make(
                "mkv",
                source(first) + source(second) + "-f lavfi -i testsrc2=s=64x64:r=25:d=3 -map 0:a -map 1:a -map 2:v"
                        + flags + " -c:v mjpeg -c:a pcm_s16le");
        ClipFeatures clip = EXTRACTOR.extract(media);
        String expected = read == 0 ? first : second;
        int rises = 0;
        float[] samples = clip.audio().samples();
        for (int i = 1; i < samples.length; i++) {
            rises += samples[i - 1] <= 0 && samples[i] > 0 ? 1 : 0;
        }
        assertEquals(expected.equals("VOICE") ? 1200 : expected.equals("STEADY") ? 300 : 0, rises, 12);
        assertEquals(8, clip.visual().frames().size());
    }

    private static String source(String name) {
        return name.equals("VOICE") ? VOICE : name.equals("STEADY") ? STEADY : SILENT;
    }

    @Test
    void aRecorderWhoseFirstTrackIsSilentIsHeard() throws Exception {
        float[] samples = EXTRACTOR
                .extract(Media.kept("two-audio-tracks-first-silent.mkv"))
                .audio()
                .samples();
        double energy = 0;
        for (float sample : samples) {
            energy += sample * sample;
        }
        assertTrue(energy / samples.length > 1e-6, "mean power " + energy / samples.length);
    }

    @Test
    void ofABrowsersChunkThatDependsOnEarlierOnesAllThatDecodesIsUsed() throws Exception {
        ClipFeatures clip = EXTRACTOR.extract(Media.kept("timeslice4000-header-plus-chunk1.webm"));
        assertEquals(4020, clip.audio().samples().length / 16, 20);
        assertEquals(8, clip.visual().frames().size());
        assertTrue(clip.visual().frames().get(0).timeMs() >= 2846, "pictures start at the first key frame");
    }
}
