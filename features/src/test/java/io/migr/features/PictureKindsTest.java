package io.migr.features;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.migr.features.ClipFeatures.Frame;
import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Pictures of every kind become upright 8-bit pictures of their own aspect, at their own times. */
@Tag("slow")
class PictureKindsTest {
    private static final FfmpegExtractor EXTRACTOR = new FfmpegExtractor(Media.PROGRAM, MediaLimits.usual());
    private static final String TONE = " -f lavfi -i sine=f=200:d=3:r=48000";
    /** Three seconds whose brightness tells the time: see {@link #painted}. */
    private static final String CLOCK = "-f lavfi -i color=black:s=64x64:r=25:d=3,format=gray,geq=lum='20+60*T'";

    /** The time that is painted into a frame, ms. */
    private static int painted(Frame frame) {
        return (int) Math.round(((frame.rgb()[3 * (64 * 32 + 32)] & 0xff) - 20) / 60.0 * 1000);
    }

    private static List<Frame> frames(byte[] media) throws Exception {
        ClipFeatures clip = EXTRACTOR.extract(media);
        assertNull(clip.visual().absentReason());
        return clip.visual().frames();
    }

    @ParameterizedTest
    @CsvSource({
        "mkv, libaom-av1, yuv420p10le",
        "mkv, libaom-av1, yuv422p10le",
        "mkv, libaom-av1, yuv444p10le",
        "mkv, libaom-av1, yuv420p12le",
        "mp4, libaom-av1, yuv422p12le",
        "mkv, libaom-av1, yuv444p12le",
        "mkv, libaom-av1, gbrp10le",
        "mkv, libsvtav1, yuv420p10le",
        "mov, prores_ks, yuv422p10le",
        "mov, prores_ks, yuv444p10le",
        "webm, libvpx-vp9, yuv422p",
        "webm, libvpx-vp9, yuv444p",
        "webm, libvpx-vp9, gbrp",
        "mkv, mjpeg, yuvj420p",
        "mkv, mjpeg, yuvj444p"
    })
    void everyPixelFormatBecomesEightBits(String ending, String codec, String format) throws Exception {
        String fast = codec.equals("libaom-av1") ? " -usage realtime -cpu-used 8" : "";
        byte[] media = Media.make(
                ending, "-f lavfi -i color=0xC06020:s=96x64:r=10:d=1 -pix_fmt " + format + " -c:v " + codec + fast);
        for (Frame frame : frames(media)) {
            int centre = 3 * (96 * 32 + 48);
            assertEquals(3 * 96 * 64, frame.rgb().length);
            assertEquals(0xc0, frame.rgb()[centre] & 0xff, 10);
            assertEquals(0x60, frame.rgb()[centre + 1] & 0xff, 10);
            assertEquals(0x20, frame.rgb()[centre + 2] & 0xff, 10);
        }
    }

    @Test
    void aTenBitFileOfACameraIsSeen() throws Exception {
        List<Frame> frames = frames(Media.kept("h264-10bit.mp4"));
        assertEquals(8, frames.size());
        assertEquals(3 * 320 * 240, frames.get(0).rgb().length);
    }

    @ParameterizedTest
    @CsvSource({
        // a light grey of a thousand nits; HLG is made to look right without being mapped; the last cannot be mapped
        "smpte2084, bt2020, 205, 255",
        "arib-std-b67, bt2020, 160, 240",
        "smpte2084, unknown, 188, 196"
    })
    void highDynamicRangeIsToneMappedOrAtLeastDecoded(String transfer, String colours, int from, int to)
            throws Exception {
        String matrix = colours.equals("unknown") ? "unknown" : "bt2020nc";
        byte[] media = Media.make(
                "mkv",
                "-f lavfi -i color=0xC0C0C0:s=64x64:r=10:d=1,setparams=color_primaries=" + colours + ":color_trc="
                        + transfer
                        + ":colorspace=" + matrix
                        + " -pix_fmt yuv420p10le -c:v libaom-av1 -usage realtime -cpu-used 8");
        byte[] rgb = frames(media).get(0).rgb();
        assertEquals(rgb[0], rgb[1], 3);
        assertEquals(rgb[0], rgb[2], 3);
        int value = rgb[0] & 0xff;
        assertTrue(value >= from && value <= to, "value " + value);
    }

    @ParameterizedTest
    @CsvSource({
        "160x240, 2/1, 0, 320, 240",
        "240x240, 4/3, 0, 320, 240",
        "176x144, 12/11, 0, 192, 144",
        "320x120, 1/2, 0, 320, 240",
        "640x480, 4/3, 0, 448, 252",
        "160x240, 2/1, 90, 240, 320",
        "160x240, 2/1, 180, 320, 240"
    })
    void pixelsBecomeSquare(String size, String aspect, int turned, int width, int height, @TempDir Path folder)
            throws Exception {
        Path plain = folder.resolve("plain.mp4");
        Files.write(
                plain,
                Media.make("mp4", "-f lavfi -i testsrc2=s=" + size + ":r=10:d=1,setsar=" + aspect + " -c:v mpeg4"));
        byte[] media = Media.make("mp4", "-display_rotation " + turned + " -i " + plain + " -c copy");
        Frame frame = frames(media).get(0);
        assertEquals(width + "x" + height, frame.width() + "x" + frame.height());
    }

    @Test
    void theAspectThatAContainerNamesIsApplied() throws Exception {
        Frame frame = frames(Media.kept("sar-2x1-anamorphic.mp4")).get(3);
        assertEquals("320x240", frame.width() + "x" + frame.height());
    }

    @ParameterizedTest
    @CsvSource({"160x120, 320x240", "320x240, 160x120", "320x180, 180x320", "640x360, 360x640"})
    void eachFrameKeepsItsOwnSize(String before, String after) throws Exception {
        ByteArrayOutputStream joined = new ByteArrayOutputStream();
        joined.write(Media.make("ts", "-f lavfi -i testsrc2=s=" + before + ":r=25:d=2 -c:v libopenh264"));
        joined.write(
                Media.make("ts", "-f lavfi -i testsrc2=s=" + after + ":r=25:d=2 -c:v libopenh264 -output_ts_offset 2"));
        List<Frame> frames = frames(joined.toByteArray());
        assertEquals(8, frames.size());
        for (Frame frame : frames) {
            String[] side = (frame.timeMs() < 1990 ? before : after).split("x");
            assertEquals(
                    Double.parseDouble(side[0]) / Double.parseDouble(side[1]),
                    frame.width() / (double) frame.height(),
                    0.01,
                    "at " + frame.timeMs());
        }
    }

    @Test
    void aBrowsersCanvasKeepsItsThreeSizes() throws Exception {
        List<String> sizes = frames(Media.kept("canvas-resized-midway-vp8.webm")).stream()
                .map(frame -> frame.width() + "x" + frame.height())
                .distinct()
                .toList();
        assertEquals(List.of("320x240", "240x320", "448x252"), sizes);
    }

    @ParameterizedTest
    @CsvSource({
        "mkv,  libopenh264, libopus",
        "mp4,  libopenh264, aac",
        "mov,  mpeg4, pcm_s16le",
        "webm, libvpx -deadline realtime, libopus"
    })
    void aCameraThatIsTurnedOnLateShowsNothingBefore(String ending, String video, String audio) throws Exception {
        byte[] media = Media.make(ending, "-itsoffset 1.2 " + CLOCK + TONE + " -c:v " + video + " -c:a " + audio);
        ClipFeatures clip = EXTRACTOR.extract(media);
        assertEquals(48_000, clip.audio().samples().length, 1000, "sound starts at zero");
        for (Frame frame : clip.visual().frames()) {
            assertTrue(frame.timeMs() >= 1190, "at " + frame.timeMs());
            assertEquals(frame.timeMs() - 1200, painted(frame), 60);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"mkv -c:v libopenh264", "mov -c:v mjpeg", "webm -c:v libvpx -deadline realtime"})
    void aCameraThatIsOffForAWhileShowsNothingThen(String made) throws Exception {
        String[] words = made.split(" ", 2);
        String sound = words[0].equals("mov") ? " -c:a aac" : " -c:a libopus";
        byte[] media = Media.make(
                words[0], CLOCK + TONE + " -vf select='lt(t,0.8)+gt(t,2.2)' -fps_mode vfr " + words[1] + sound);
        ClipFeatures clip = EXTRACTOR.extract(media);
        assertEquals(3000, clip.durationMs(), 60);
        assertEquals(48_000, clip.audio().samples().length, 1000, "words are kept");
        for (Frame frame : clip.visual().frames()) {
            assertFalse(frame.timeMs() > 820 && frame.timeMs() < 2180, "at " + frame.timeMs());
            assertEquals(frame.timeMs(), painted(frame), 60);
        }
        assertTrue(clip.visual().frames().stream().anyMatch(frame -> frame.timeMs() > 2180));
    }

    @ParameterizedTest
    @CsvSource({
        "mkv,  -c:v libopenh264 -c:a libopus -output_ts_offset -1 -avoid_negative_ts disabled, 0",
        "ts,   -c:v libopenh264 -c:a aac -output_ts_offset 30, 0",
        // what an edit list cuts off is not shown
        "mp4,  -c:v mpeg4 -bf 2 -c:a aac -output_ts_offset -0.5 -avoid_negative_ts disabled, 500",
        "webm, -c:v libvpx -deadline realtime -c:a libopus -output_ts_offset 5, 0"
    })
    void timesCountFromTheClipsOwnStart(String ending, String options, int hidden) throws Exception {
        ClipFeatures clip = EXTRACTOR.extract(Media.make(ending, CLOCK + TONE + " " + options.strip()));
        for (Frame frame : clip.visual().frames()) {
            assertEquals(painted(frame), hidden + frame.timeMs(), 70);
        }
        assertEquals(3000 - hidden, clip.durationMs(), 100);
    }

    @ParameterizedTest
    @CsvSource({"mkv, mpeg4", "avi, mpeg4", "mkv, mjpeg"})
    void aThousandPicturesASecondAreSampled(String ending, String codec) throws Exception {
        byte[] media = Media.make(
                ending, "-f lavfi -i testsrc2=s=16x16:r=1000:d=8 -c:v " + codec + " -b:v 200k -fps_mode passthrough");
        ClipFeatures clip = EXTRACTOR.extract(media);
        assertEquals(8, clip.visual().frames().size());
        assertEquals(8000, clip.durationMs(), 10);
        assertEquals(500, clip.visual().frames().get(0).timeMs(), 5);
    }

    @ParameterizedTest
    @ValueSource(strings = {"libopenh264 -b:v 1M", "mjpeg", "libvpx-vp9 -deadline realtime -cpu-used 8 -b:v 2M"})
    void ofAFreezeOnlyTheFirstPictureIsSampled(String codec) throws Exception {
        byte[] media = Media.make(
                "mkv",
                "-f lavfi -i testsrc2=s=160x120:r=25:d=2 -f lavfi -i testsrc2=s=160x120:r=25:d=2"
                        + " -filter_complex [0]tpad=stop_mode=clone:stop_duration=3.5[a];[a][1]concat -c:v " + codec);
        ClipFeatures clip = EXTRACTOR.extract(media);
        assertEquals(3500, clip.visual().frozenMs(), 250);
        assertEquals(7500, clip.durationMs(), 60);
        assertTrue(clip.visual().frames().size() >= 4);
        long within = clip.visual().frames().stream()
                .filter(frame -> frame.timeMs() > 2200 && frame.timeMs() < 5450)
                .count();
        assertEquals(0, within);
    }

    @ParameterizedTest
    @ValueSource(strings = {"libopenh264", "mjpeg -q:v 4", "libvpx -deadline realtime -b:v 2M"})
    void aPictureThatStandsStillFromStartToEndIsNone(String codec) throws Exception {
        String still = "-f lavfi -i testsrc2=s=160x120:r=25:d=0.04,tpad=stop_mode=clone:stop_duration=";
        ClipFeatures clip = EXTRACTOR.extract(
                Media.make("mkv", still + "3.5 -f lavfi -i sine=f=200:d=3.5 -c:v " + codec + " -c:a libopus"));
        assertEquals("the picture stands still", clip.visual().absentReason());
        assertEquals(List.of(), clip.visual().frames());
        assertEquals(3500, clip.visual().frozenMs(), 300);
        assertTrue(clip.audio().present());
        ClipFeatures brief = EXTRACTOR.extract(Media.make("mkv", still + "2 -c:v " + codec));
        assertEquals(0, brief.visual().frozenMs());
        assertTrue(brief.visual().present());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                // a camera's noise, and something of 1 % of the area that moves a little
                "-f lavfi -i color=gray:s=320x240:r=25:d=4,noise=alls=16:allf=t",
                "-f lavfi -i color=gray:s=320x240:r=25:d=4 -f lavfi -i color=white:s=32x24:r=25:d=4"
                        + " -filter_complex [0][1]overlay=x=100+8*sin(4*t):y=100",
                "-f lavfi -i testsrc2=s=320x240:r=25:d=4"
            })
    void whatMovesIsLive(String source) throws Exception {
        ClipFeatures clip = EXTRACTOR.extract(Media.make("mp4", source + " -c:v libopenh264 -b:v 500k"));
        assertEquals(0, clip.visual().frozenMs());
        assertEquals(8, clip.visual().frames().size());
    }

    @ParameterizedTest
    @ValueSource(strings = {"black", "0x897376", "white"})
    void aPictureThatShowsNothingDoesNotStandStill(String colour) throws Exception {
        ClipFeatures clip = EXTRACTOR.extract(
                Media.make("mp4", "-f lavfi -i color=" + colour + ":s=160x120:r=25:d=3.5 -c:v libopenh264"));
        assertEquals(0, clip.visual().frozenMs());
        assertEquals(8, clip.visual().frames().size());
    }
}
