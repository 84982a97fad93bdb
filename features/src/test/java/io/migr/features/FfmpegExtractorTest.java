package io.migr.features;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.migr.features.ClipFeatures.Audio;
import io.migr.features.ClipFeatures.Frame;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("slow")
class FfmpegExtractorTest {
    private static final FfmpegExtractor EXTRACTOR = new FfmpegExtractor(Media.PROGRAM, MediaLimits.usual());
    private static final String H264 = " -c:v libopenh264 -b:v 400k -c:a aac -shortest";

    @ParameterizedTest
    @CsvSource({
        "mp4,  -c:v libopenh264 -b:v 2M -c:a aac",
        "mov,  -c:v libopenh264 -c:a aac",
        "mkv,  -c:v libopenh264 -c:a libopus",
        "mkv,  -c:v mjpeg -c:a flac",
        "webm, -c:v libvpx -deadline realtime -c:a libopus",
        "webm, -c:v libvpx-vp9 -deadline realtime -cpu-used 8 -c:a libopus"
    })
    void readsTheContainersUsedForCalls(String container, String codecs) throws Exception {
        byte[] media = Media.make(container, Media.source("320x240", 25, 3) + " " + codecs.strip());
        ClipFeatures clip = EXTRACTOR.extract(media);
        assertTrue(media.length > 70_000 || !container.equals("mp4"), "an mp4 larger than a pipe, moov at the end");
        assertEquals(8, clip.visual().frames().size());
        assertEquals(3000, clip.durationMs(), 80);
        BufferedImage picture = picture(clip.visual().frames().get(0));
        assertEquals(320, picture.getWidth());
        assertEquals(240, picture.getHeight());
        assertEquals(3 * Audio.SAMPLE_RATE, clip.audio().samples().length, 8 * Audio.SAMPLE_RATE / 100);
        assertEquals(200, frequency(clip.audio().samples()), 2);
        List<Integer> times = clip.visual().frames().stream().map(Frame::timeMs).toList();
        int[] indices = FrameSampler.uniform(75, 8);
        for (int i = 0; i < 8; i++) {
            assertEquals(40 * indices[i], times.get(i), 41, times.toString());
        }
    }

    @Test
    void readsALiveChunkWithoutDurationOrCues() throws Exception {
        byte[] whole = Media.make(
                "webm",
                Media.source("320x240", 30, 3)
                        + " -c:v libvpx -deadline realtime -g 30 -c:a libopus -live 1 -cluster_time_limit 500");
        ClipFeatures clip = EXTRACTOR.extract(Arrays.copyOf(whole, whole.length * 2 / 3));
        assertEquals(8, clip.visual().frames().size());
        assertTrue(clip.durationMs() > 1200 && clip.durationMs() < 2700, clip.durationMs() + " ms");
        assertTrue(clip.audio().present());
    }

    @Test
    void aMissingTrackIsReportedAndTheOtherIsUsed() throws Exception {
        ClipFeatures mute =
                EXTRACTOR.extract(Media.make("mp4", "-f lavfi -i testsrc2=s=160x120:r=10:d=1 -c:v libopenh264"));
        assertEquals("there is no audio track", mute.audio().absentReason());
        assertEquals(8, mute.visual().frames().size());
        ClipFeatures blind = EXTRACTOR.extract(Media.make("m4a", "-f lavfi -i sine=f=150:d=2 -c:a aac"));
        assertEquals("there is no video track", blind.visual().absentReason());
        assertEquals(150, frequency(blind.audio().samples()), 2);
    }

    /** Of a sine, in Hz: how often it rises through zero in one second. */
    private static int frequency(float[] samples) {
        int rises = 0;
        for (int i = Audio.SAMPLE_RATE / 2; i < Audio.SAMPLE_RATE * 3 / 2; i++) {
            rises += samples[i] < 0 && samples[i + 1] >= 0 ? 1 : 0;
        }
        return rises;
    }

    @Test
    void silenceIsPresent() throws Exception {
        ClipFeatures clip = EXTRACTOR.extract(Media.make(
                "mp4",
                "-f lavfi -i testsrc2=s=160x120:r=10:d=1 -f lavfi -i anullsrc=r=48000 -c:v libopenh264 -c:a aac -t 1"));
        assertTrue(clip.audio().present());
        for (float sample : clip.audio().samples()) {
            assertEquals(0, sample, 1e-3);
        }
    }

    @Test
    void oneFrameOddSizesAndVariableRatesWork() throws Exception {
        ClipFeatures one =
                EXTRACTOR.extract(Media.make("mkv", "-f lavfi -i testsrc2=s=64x64:r=1:d=1 -frames:v 1 -c:v mjpeg"));
        assertEquals(1, one.visual().frames().size());
        ClipFeatures odd = EXTRACTOR.extract(
                Media.make("webm", "-f lavfi -i testsrc2=s=641x359:r=10:d=1 -c:v libvpx -deadline realtime"));
        BufferedImage picture = picture(odd.visual().frames().get(0));
        assertEquals(448, picture.getWidth());
        assertEquals(251, picture.getHeight(), 1);
        // the first second is dense, the second one sparse: frames are picked by time, not by number
        ClipFeatures variable = EXTRACTOR.extract(Media.make(
                "mkv",
                "-f lavfi -i testsrc2=s=160x120:r=50:d=2 -vf select='lt(t,1)+not(mod(n,10))' -fps_mode vfr"
                        + " -c:v libvpx -deadline realtime"));
        int late = (int) variable.visual().frames().stream()
                .filter(frame -> frame.timeMs() >= 1000)
                .count();
        assertTrue(late >= 3, late + " of 8 frames are in the second half");
    }

    @Test
    void rotatedPicturesBecomeUpright(@TempDir Path folder) throws Exception {
        Path plain = folder.resolve("plain.mp4");
        Files.write(plain, Media.make("mp4", "-f lavfi -i testsrc2=s=320x180:r=10:d=1 -c:v libopenh264"));
        byte[] turned = Media.make("mp4", "-display_rotation 90 -i " + plain + " -c copy");
        BufferedImage picture =
                picture(EXTRACTOR.extract(turned).visual().frames().get(0));
        assertEquals(180, picture.getWidth());
        assertEquals(320, picture.getHeight());
    }

    @Test
    void oppositeChannelsDoNotCancel() {
        float[] left = {0.5f, -0.5f, 0.25f};
        float[] right = {-0.5f, 0.5f, -0.25f};
        assertEquals(0.5f, SoundTrack.mono(left, right)[0]);
        float[] loud = {60f, -30f, 0f};
        assertEquals(1f, SoundTrack.mono(loud, loud)[0]);
    }

    @Test
    void brokenMediaIsRejectedWithAReason() throws Exception {
        byte[] random = new byte[50_000];
        new Random(1).nextBytes(random);
        byte[] mp4 = Media.make("mp4", Media.source("160x120", 10, 2) + H264);
        refused("is empty", new byte[0]);
        refused("Nothing in the media can be used", random);
        refused("Nothing in the media can be used", Arrays.copyOf(mp4, mp4.length / 3));
        refused("Nothing in the media can be used", "just some words\n".getBytes(StandardCharsets.UTF_8));
        refused("bytes, more than the limit", new byte[(15 << 20) + 1]);
        refused(
                "The clip lasts 40 s, longer than the limit of 15 s",
                Media.make("mkv", "-f lavfi -i testsrc2=s=64x64:r=2:d=40 -c:v libvpx -deadline realtime"));
    }

    @Test
    void playlistsAndScriptsOpenNothing(@TempDir Path folder) throws Exception {
        Path neighbour = folder.resolve("neighbour.mp4");
        Files.write(neighbour, Media.make("mp4", Media.source("160x120", 10, 1) + H264));
        for (String script : List.of(
                "ffconcat version 1.0\nfile '" + neighbour + "'\n",
                "#EXTM3U\n#EXT-X-TARGETDURATION:4\n#EXTINF:4,\nfile://" + neighbour + "\n#EXT-X-ENDLIST\n",
                "#EXTM3U\n#EXTINF:4,\nhttp://127.0.0.1:9/secret.mp4\n",
                "<?xml version=\"1.0\"?><MPD type=\"static\"><Period><AdaptationSet><Representation><BaseURL>"
                        + neighbour + "</BaseURL></Representation></AdaptationSet></Period></MPD>",
                "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nm=video 9 RTP/AVP 96\na=rtpmap:96 H264/90000\n")) {
            refused("Nothing in the media can be used", script.getBytes(StandardCharsets.UTF_8));
        }
    }

    @Test
    void bombsAreHeldWithinLimits() throws Exception {
        // a small file with a huge picture, a day with one frame per hour, a sound with one sample per second
        byte[] huge = Media.make("mkv", "-f lavfi -i color=s=8192x8192:r=1:d=1 -frames:v 1 -c:v mjpeg");
        refused("Nothing in the media can be used", huge);
        byte[] slow = Media.make("mkv", "-f lavfi -i testsrc2=s=64x64:r=1/3600:d=86400 -c:v libvpx -deadline realtime");
        assertTrue(EXTRACTOR.extract(slow).visual().frames().size() <= 8, "only frames within the time limit");
        byte[] wav = wav(1, 20_000);
        MediaRejectedException e = assertThrows(MediaRejectedException.class, () -> EXTRACTOR.extract(wav));
        assertNotNull(e.getMessage());
    }

    /** A wav file of 8-bit samples at {@code rate} Hz. */
    private static byte[] wav(int rate, int samples) {
        java.nio.ByteBuffer wav = java.nio.ByteBuffer.allocate(44 + samples).order(java.nio.ByteOrder.LITTLE_ENDIAN);
        wav.put("RIFF".getBytes(StandardCharsets.US_ASCII)).putInt(36 + samples);
        wav.put("WAVEfmt ".getBytes(StandardCharsets.US_ASCII)).putInt(16);
        wav.putShort((short) 1).putShort((short) 1).putInt(rate).putInt(rate);
        wav.putShort((short) 1).putShort((short) 8);
        wav.put("data".getBytes(StandardCharsets.US_ASCII)).putInt(samples);
        return wav.array();
    }

    private static void refused(String reason, byte[] media) {
        MediaRejectedException e = assertThrows(MediaRejectedException.class, () -> EXTRACTOR.extract(media));
        assertTrue(e.getMessage().contains(reason), e.getMessage());
        assertFalse(e.getMessage().contains("/tmp"), e.getMessage());
    }

    private static BufferedImage picture(Frame frame) throws IOException {
        return ImageIO.read(new ByteArrayInputStream(frame.jpeg()));
    }
}
