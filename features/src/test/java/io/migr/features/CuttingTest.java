package io.migr.features;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.migr.features.SegmentCutter.Cut;
import io.migr.features.SegmentCutter.Segment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.DoublePredicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Cuts recordings whose pictures each show their number and whose sound clicks once a second, and looks where each
 * picture and each click went.
 */
@Tag("slow")
class CuttingTest {
    @TempDir
    private Path folder;

    /** Every picture and every click of all segments, by the time in the recording at which it stands, ms. */
    private record Found(List<Segment> segments, Cut cut, Map<Integer, List<Long>> pictures, List<Long> clicks) {}

    @ParameterizedTest
    @CsvSource({
        "mp4,  25, -c:v libopenh264 -b:v 1M -c:a aac",
        "mkv,  30, -c:v libopenh264 -b:v 1M -c:a libopus",
        "webm, 25, -c:v libvpx -deadline realtime -b:v 1M -c:a libopus -live 1",
        "ts,   25, -c:v libopenh264 -b:v 1M -c:a aac",
        "mov,  24, -c:v mjpeg -q:v 3 -c:a pcm_s16le",
        "mkv,  12, -c:v libvpx -deadline realtime -b:v 1M -c:a pcm_mulaw -ar 8000",
        "mp4,  60, -c:v libopenh264 -b:v 1M -c:a aac"
    })
    void everyPictureAndClickIsInOneSegmentAtItsTime(String container, int rate, String codecs) throws Exception {
        Found found = cut(recording(container, rate, 10.6, "", "", codecs));
        assertNull(found.cut().lost());
        assertPictures(
                found,
                rate,
                IntStream.range(0, (int) Math.ceil(10.6 * rate - 1e-6)).toArray());
        assertClicks(found, second -> true, 11);
        assertEquals(10_600, found.cut().endMs(), Math.max(60, 1000.0 / rate));
        // 4, 4 and 2.6 s
        assertEquals(List.of(0L, 4000L, 8000L), near(found.segments()));
    }

    @ParameterizedTest
    @CsvSource({
        "flv,  -c:v flv -q:v 2 -c:a libmp3lame",
        "3gp,  -c:v mpeg4 -q:v 2 -c:a aac",
        "avi,  -c:v mjpeg -q:v 2 -c:a pcm_alaw -ar 8000",
        "mpg,  -c:v mpeg2video -q:v 2 -c:a mp2",
        "mkv,  -c:v libvpx-vp9 -pix_fmt yuv444p -deadline realtime -cpu-used 8 -b:v 1M -c:a eac3",
        "mov,  -c:v prores_ks -pix_fmt yuv422p10le -c:a alac",
        "mkv,  -c:v libsvtav1 -pix_fmt yuv420p10le -preset 12 -crf 10 -c:a g722 -ar 16000 -ac 1",
        "mov,  -c:v prores_ks -profile:v 4 -pix_fmt yuv444p10le -color_trc arib-std-b67 -color_primaries bt2020"
                + " -colorspace bt2020nc -c:a pcm_s24le",
        "mkv,  -c:v libopenh264 -b:v 1M -c:a aac -output_ts_offset -0.7 -avoid_negative_ts disabled",
        "ts,   -c:v libopenh264 -b:v 1M -c:a aac -output_ts_offset 7200"
    })
    void everyFormatOnTheListIsCut(String container, String codecs) throws Exception {
        Found found = cut(recording(container, 25, 9, "", "", codecs));
        assertNull(found.cut().lost());
        assertPictures(found, 25, IntStream.range(0, 225).toArray());
        assertClicks(found, second -> true, 9);
    }

    @Test
    void soundThatBeginsLaterStaysLater() throws Exception {
        Found found = cut(recording("mkv", 25, 9, "", ",asetpts=PTS+1.5/TB", "-c:v libopenh264 -b:v 1M -c:a libopus"));
        assertPictures(found, 25, IntStream.range(0, 225).toArray());
        for (int i = 0; i < 9; i++) {
            assertEquals(1500 + 1000 * i, found.clicks().get(i), 40);
        }
    }

    @ParameterizedTest
    @CsvSource({"320x240, 160x240", "320x180, 640x360", "240x320, 320x240"})
    void picturesThatChangeTheirSizeKeepTheirShape(String first, String then) throws Exception {
        Path one = write("webm", ball(first));
        Path two = write("webm", ball(then));
        Path list = Files.writeString(folder.resolve("list"), "file '" + one + "'\nfile '" + two + "'\n");
        Path file = write("webm", "-f concat -safe 0 -i " + list + " -c copy");
        Found found = cut(file);
        for (Segment segment : found.segments()) {
            // the box that the white ball fills: round before and after the change, whatever surrounds it
            byte[] grey = PaintedMedia.decode(
                            segment.media(), "-frames:v 1 -vf format=gray,scale=320:-2,showinfo -f rawvideo")
                    .output();
            int[] box = {320, 0, 9999, 0};
            for (int i = 0; i < grey.length; i++) {
                if ((grey[i] & 0xff) > 128) {
                    box[0] = Math.min(box[0], i % 320);
                    box[1] = Math.max(box[1], i % 320);
                    box[2] = Math.min(box[2], i / 320);
                    box[3] = Math.max(box[3], i / 320);
                }
            }
            assertEquals(1, (box[1] - box[0] + 1.0) / (box[3] - box[2] + 1), 0.1, segment.startMs() + " ms");
        }
    }

    /** Five seconds of a white ball on black. */
    private static String ball(String size) {
        return "-f lavfi -i color=black:s=" + size + ":r=10:d=6 -vf format=gray,geq=lum='if(lt(hypot(X-W/2\\,Y-H/2)\\,"
                + "50)\\,255\\,0)',format=yuv420p -c:v libvpx -deadline realtime -b:v 500k";
    }

    /** Starts of the segments, rounded to 100 ms. */
    private static List<Long> near(List<Segment> segments) {
        return segments.stream()
                .map(segment -> (segment.startMs() + 50) / 100 * 100)
                .toList();
    }

    @Test
    void aShortTailJoinsItsPredecessor() throws Exception {
        Found found = cut(recording("mp4", 25, 12.6, "", "", "-c:v libopenh264 -b:v 1M -c:a aac"));
        assertEquals(List.of(0L, 4000L, 8000L), near(found.segments()));
        assertEquals(4600, found.segments().get(2).durationMs(), 60);
        assertPictures(found, 25, IntStream.range(0, 315).toArray());
        assertClicks(found, second -> true, 13);
    }

    @ParameterizedTest
    @CsvSource({"3.3, 9.1", "0, 6.2", "5.5, 99"})
    void aCameraThatIsOffLeavesWordsAndNoPictures(double off, double on) throws Exception {
        String seen = "select='lt(t," + off + ")+gte(t," + on + ")',";
        Found found = cut(recording("mkv", 25, 10.6, seen, "", "-c:v libopenh264 -b:v 1M -c:a aac"));
        int[] shown = IntStream.range(0, 265)
                .filter(n -> n / 25.0 < off || n / 25.0 >= on)
                .toArray();
        assertPictures(found, 25, shown);
        assertClicks(found, second -> true, 11);
        for (Segment segment : found.segments()) {
            double end = (segment.startMs() + segment.durationMs()) / 1000.0;
            boolean dark = segment.startMs() / 1000.0 >= off && end <= on;
            assertEquals(dark, segment.mediaType().startsWith("audio"), segment.startMs() + " ms");
        }
    }

    @ParameterizedTest
    @CsvSource({"5.3, 7.8", "2.9, 3.4", "1.5, 8.5"})
    void aGapInTheSoundStaysAGap(double off, double on) throws Exception {
        String heard = ",aselect='lt(t," + off + ")+gte(t," + on + ")'";
        Found found = cut(recording("mkv", 25, 10.6, "", heard, "-c:v libopenh264 -b:v 1M -c:a libopus"));
        assertPictures(found, 25, IntStream.range(0, 265).toArray());
        assertClicks(found, second -> second < off - 0.02 || second >= on, 11);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '"',
            value = {
                "mkv; setpts='if(lt(N,100),N/25,4+(N-100)/10)/TB',",
                "webm; setpts='(N/25+0.012*mod(N*7,3))/TB',",
                "mp4; setpts='if(lt(N,50),N/10,5+(N-50)/50)/TB',"
            })
    void picturesOfVariableRateKeepTheirTimes(String container, String times) throws Exception {
        String codecs = container.equals("mp4") ? "-c:v libopenh264" : "-c:v libvpx -deadline realtime";
        Path file = recording(container, 25, 10, "", "", codecs + " -b:v 1M -fps_mode passthrough -an", times);
        Map<Integer, List<Long>> wanted = PaintedMedia.pictures(Files.readAllBytes(file), 0);
        Found found = cut(file);
        assertEquals(wanted.keySet(), found.pictures().keySet());
        wanted.forEach((number, at) ->
                assertEquals(at.get(0), found.pictures().get(number).get(0), 2, "picture " + number));
    }

    @Test
    void soundAloneIsCut() throws Exception {
        for (String kind : List.of("mp3", "flac", "wav", "m4a", "ogg -c:a libopus")) {
            String[] words = kind.split(" ", 2);
            Found found = cut(recording(words[0], 25, 9.7, "", "", "-vn " + (words.length > 1 ? words[1] : "")));
            assertClicks(found, second -> true, 10);
            assertEquals(List.of(0L, 4000L, 8000L), near(found.segments()), kind);
        }
    }

    @Test
    void separateFilesOfPictureAndSoundAreJoined() throws Exception {
        Path seen = recording("mp4", 25, 9, "", "", "-an -c:v libopenh264 -b:v 1M");
        Path heard = recording("wav", 25, 9, "", "", "-vn");
        Found found = cut(Recording.of(seen, Media.PROGRAM).withSound(Recording.of(heard, Media.PROGRAM)));
        assertPictures(found, 25, IntStream.range(0, 225).toArray());
        assertClicks(found, second -> true, 9);
    }

    @Test
    void ofTwoSoundsTheMarkedOrTheVoiceIsRead() throws Exception {
        String two = Media.source("160x120", 10, 9).replace("sine=f=200", "anullsrc=cl=mono") + " -f lavfi -i "
                + clicks(9, 0.3) + " -map 0 -map 1 -map 2 -c:v libopenh264 -c:a aac -disposition:a:0 ";
        Found unmarked = cut(write("mkv", two + "0 -disposition:a:1 0"));
        assertClicks(unmarked, second -> true, 9);
        Found marked = cut(write("mkv", two + "default -disposition:a:1 0"));
        assertTrue(marked.clicks().isEmpty());
        Found second = cut(write("mkv", two + "0 -disposition:a:1 default"));
        assertClicks(second, one -> true, 9);
    }

    @ParameterizedTest
    @CsvSource({
        "1:2 anamorphic, setsar=1/2, 160, 120",
        "2:1 anamorphic, setsar=2, 320, 60",
        "4:3, setsar=4/3, 320, 90",
        "turned, transpose=1, 120, 320"
    })
    void picturesKeepTheirShape(String name, String filter, int wide, int high) throws Exception {
        Path file = write(
                "mkv",
                "-f lavfi -i testsrc2=s=320x120:r=10:d=9 -vf " + filter + " -c:v libvpx -deadline realtime -b:v 500k");
        Found found = cut(file);
        ClipFeatures clip = new FfmpegExtractor(Media.PROGRAM, MediaLimits.usual())
                .extract(found.segments().get(0).media());
        ClipFeatures.Frame frame = clip.visual().frames().get(0);
        assertEquals(wide / (double) high, frame.width() / (double) frame.height(), 0.1, name);
    }

    @Test
    void noProcessIsLeftBehindWhenSendingFails() throws Exception {
        Path file = recording("mp4", 25, 18, "", "", "-c:v libopenh264 -b:v 1M -c:a aac");
        SegmentCutter cutter = new SegmentCutter(Media.PROGRAM, 4, 4 << 20);
        IOException e = assertThrows(
                IOException.class,
                () -> cutter.cut(Recording.of(file, Media.PROGRAM), segment -> {
                    throw new IOException("The broker is gone.");
                }));
        assertEquals("The broker is gone.", e.getMessage());
        assertTrue(ProcessHandle.current()
                .children()
                .noneMatch(child -> child.info().command().orElse("").endsWith("ffmpeg")));
    }

    @Test
    @Tag("long")
    void anHourLosesNoPictureAndNoClick() throws Exception {
        Path file =
                recording("mp4", 25, 3600, "scale=640:360:flags=neighbor,", "", "-c:v libopenh264 -b:v 600k -c:a aac");
        long started = System.nanoTime();
        long[] first = {0};
        Map<Integer, Integer> pictures = new TreeMap<>();
        List<Long> clicks = new ArrayList<>();
        List<Segment> waiting = new ArrayList<>();
        Cut cut = new SegmentCutter(Media.PROGRAM, 4, 4 << 20).cut(Recording.of(file, Media.PROGRAM), segment -> {
            first[0] = first[0] == 0 ? System.nanoTime() - started : first[0];
            waiting.add(segment);
        });
        System.out.printf(
                "an hour: first clip after %d ms, last after %d ms%n",
                first[0] / 1_000_000, (System.nanoTime() - started) / 1_000_000);
        for (Segment segment : waiting) {
            PaintedMedia.pictures(segment.media(), segment.startMs()).forEach((number, times) -> {
                assertEquals(40L * number, times.get(0), 2);
                pictures.merge(number, times.size(), Integer::sum);
            });
            clicks.addAll(PaintedMedia.clicksIn(segment));
        }
        assertNull(cut.lost());
        assertEquals(90_000, pictures.size());
        assertTrue(pictures.values().stream().allMatch(count -> count == 1));
        assertEquals(
                IntStream.range(0, 3600).boxed().toList(),
                clicks.stream().map(click -> (int) Math.round(click / 1000.0)).toList());
    }

    /** A file of pictures that show their number and a click a second. */
    private Path recording(String container, int rate, double seconds, String video, String audio, String codecs)
            throws IOException, InterruptedException {
        return recording(container, rate, seconds, video, audio, codecs, "");
    }

    private Path recording(
            String container, int rate, double seconds, String video, String audio, String codecs, String times)
            throws IOException, InterruptedException {
        String bit = "mod(floor(N/pow(2\\,floor(X*" + PaintedMedia.BITS + "/W)))\\,2)";
        return write(
                container,
                "-f lavfi -i color=black:s=192x64:r=" + rate + ":d=" + seconds + " -f lavfi -i " + clicks(seconds)
                        + " -vf format=gray,geq=lum='16+219*" + bit + "'," + video + times + "format=yuv420p -af anull"
                        + audio + (times.isEmpty() ? " -fps_mode passthrough " : " ") + codecs);
    }

    /** A tone of 5 ms at the start of every second. */
    private static String clicks(double seconds) {
        return clicks(seconds, 0.005);
    }

    private static String clicks(double seconds, double length) {
        return "aevalsrc=0.8*lt(mod(t\\,1)\\," + length + ")*cos(2*PI*1000*t):s=48000:d=" + seconds;
    }

    private Path write(String container, String words) throws IOException, InterruptedException {
        return Files.write(Files.createTempFile(folder, "recording", "." + container), Media.make(container, words));
    }

    private static Found cut(Path file) throws IOException, InterruptedException {
        return cut(Recording.of(file, Media.PROGRAM));
    }

    private static Found cut(Recording recording) throws IOException, InterruptedException {
        List<Segment> segments = new ArrayList<>();
        Cut cut = new SegmentCutter(Media.PROGRAM, 4, 4 << 20).cut(recording, segments::add);
        Map<Integer, List<Long>> pictures = new TreeMap<>();
        List<Long> clicks = new ArrayList<>();
        for (Segment segment : segments) {
            PaintedMedia.pictures(segment.media(), segment.startMs())
                    .forEach((number, times) -> pictures.computeIfAbsent(number, one -> new ArrayList<>())
                            .addAll(times));
            clicks.addAll(PaintedMedia.clicksIn(segment));
        }
        return new Found(segments, cut, pictures, clicks);
    }

    private static void assertPictures(Found found, int rate, int... numbers) {
        List<Integer> wanted = IntStream.of(numbers).boxed().toList();
        List<Integer> missing = new ArrayList<>(wanted);
        missing.removeAll(found.pictures().keySet());
        List<Integer> invented = new ArrayList<>(found.pictures().keySet());
        invented.removeAll(wanted);
        assertEquals("missing [], invented []", "missing " + missing + ", invented " + invented);
        found.pictures().forEach((number, times) -> {
            assertEquals(1, times.size(), "picture " + number + " at " + times);
            assertEquals(1000.0 * number / rate, times.get(0), 25, "picture " + number);
        });
    }

    private static void assertClicks(Found found, DoublePredicate heard, int seconds) {
        List<Long> wanted = IntStream.range(0, seconds)
                .filter(heard::test)
                .mapToObj(second -> 1000L * second)
                .toList();
        assertFalse(wanted.isEmpty());
        assertEquals(wanted.size(), found.clicks().size(), found.clicks().toString());
        for (int i = 0; i < wanted.size(); i++) {
            assertEquals(
                    wanted.get(i), found.clicks().get(i), 40, found.clicks().toString());
        }
    }
}
