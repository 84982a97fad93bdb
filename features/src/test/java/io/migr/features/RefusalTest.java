package io.migr.features;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each refusal names its own reason; what is good beside it is used. */
@Tag("slow")
class RefusalTest {
    private static final FfmpegExtractor EXTRACTOR = new FfmpegExtractor(Media.PROGRAM, MediaLimits.usual());
    private static final String PICTURES = "-f lavfi -i testsrc2=s=64x64:r=10:d=1 ";

    private static String refusal(byte[] media) {
        String message = assertThrows(MediaRejectedException.class, () -> EXTRACTOR.extract(media))
                .getMessage();
        assertFalse(message.contains("/tmp") || message.contains("\n"), message);
        return message;
    }

    private static void refused(String reason, byte[] media) {
        String message = refusal(media);
        assertTrue(message.contains(reason), message);
    }

    private static byte[] text(String words) {
        return words.getBytes(StandardCharsets.UTF_8);
    }

    /** A wav file of 8-bit or float samples. */
    private static byte[] wav(int channels, int rate, float... samples) {
        int bytes = Float.BYTES * samples.length;
        ByteBuffer wav = ByteBuffer.allocate(44 + bytes).order(ByteOrder.LITTLE_ENDIAN);
        wav.put(text("RIFF")).putInt(36 + bytes).put(text("WAVEfmt ")).putInt(16);
        wav.putShort((short) 3).putShort((short) channels).putInt(rate).putInt(4 * channels * rate);
        wav.putShort((short) (4 * channels))
                .putShort((short) 32)
                .put(text("data"))
                .putInt(bytes);
        for (float sample : samples) {
            wav.putFloat(sample);
        }
        return wav.array();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 8, 3999, 384_001, 2_000_000_000})
    void soundOfAStrangeRateIsRefused(int rate) {
        refused("the sound has " + rate + " samples per second, not 4000 to 384000", wav(1, rate, new float[20_000]));
    }

    @ParameterizedTest
    @ValueSource(ints = {4000, 8000, 44_100, 192_000, 384_000})
    void soundOfAUsualRateIsHeard(int rate) throws Exception {
        ClipFeatures clip = EXTRACTOR.extract(wav(1, rate, new float[rate]));
        assertEquals(1000, clip.durationMs(), 5);
    }

    @ParameterizedTest
    @ValueSource(ints = {17, 24, 64})
    void soundOfTooManyChannelsIsRefused(int channels) {
        String message = refusal(wav(channels, 8000, new float[8000 * channels]));
        assertTrue(
                message.contains("the sound has " + channels + " channels, more than 16")
                        || message.contains("no sound can be decoded"),
                message);
    }

    @Test
    void strangeSoundDoesNotLoseThePicture() throws Exception {
        ClipFeatures clip = EXTRACTOR.extract(
                Media.make("mkv", PICTURES + "-f lavfi -i sine=f=200:d=1:r=48000 -c:v mjpeg -c:a pcm_s16le -ar 2000"));
        assertEquals(8, clip.visual().frames().size());
        assertTrue(
                clip.audio().absentReason().contains("2000 samples per second"),
                clip.audio().absentReason());
    }

    @Test
    void notANumberInfinityAndOppositeChannelsAreHeld() throws Exception {
        float[] wild = new float[32_000];
        for (int i = 0; i < wild.length; i++) {
            wild[i] = i % 100 == 0 ? Float.NaN : i % 100 == 50 ? Float.NEGATIVE_INFINITY : 600 * (float) Math.sin(i);
        }
        for (float sample : EXTRACTOR.extract(wav(1, 16_000, wild)).audio().samples()) {
            assertTrue(Math.abs(sample) <= 1, "sample " + sample);
        }
        float[] opposite = new float[32_000];
        for (int i = 0; i < opposite.length; i++) {
            opposite[i] = (i % 2 == 0 ? 0.5f : -0.5f) * (float) Math.sin(i / 2 * 0.1);
        }
        float peak = 0;
        for (float sample : EXTRACTOR.extract(wav(2, 16_000, opposite)).audio().samples()) {
            peak = Math.max(peak, sample);
        }
        assertEquals(0.5, peak, 0.01);
    }

    @Test
    void truncatedEncryptedAndUnknownMediaSayWhy(@TempDir Path folder) throws Exception {
        byte[] mp4 = Media.make("mp4", PICTURES + "-c:v libopenh264");
        refused("the file ends before its index (moov)", Arrays.copyOf(mp4, mp4.length / 2));
        refused("The media is empty (0 bytes)", new byte[0]);
        refused("no known container", Arrays.copyOfRange(mp4, 5000, 9000));
        Path plain = Files.write(folder.resolve("plain.mp4"), mp4);
        for (String scheme : new String[] {"cenc-aes-ctr"}) {
            refused(
                    "The media is encrypted",
                    Media.make(
                            "mp4",
                            "-i " + plain + " -c copy -encryption_scheme " + scheme
                                    + " -encryption_key 76a6c65c5ea762046bd749a2e632ccbb"
                                    + " -encryption_kid a7e61c373e219033c21091fa607bf3b8"));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "mkv, -c:v ffv1, 'the codec of the pictures, ffv1, is not on the list'",
        "avi, -c:v msmpeg4, 'the codec of the pictures, msmpeg4v3, is not on the list'",
        "mkv, -c:v wmv2, 'the codec of the pictures, wmv2, is not on the list'"
    })
    void aCodecThatIsNotOnTheListIsNamed(String ending, String codec, String reason) throws Exception {
        refused(reason, Media.make(ending, PICTURES + codec));
        ClipFeatures heard = EXTRACTOR.extract(
                Media.make(ending, PICTURES + "-f lavfi -i sine=f=200:d=1 " + codec + " -c:a pcm_s16le"));
        assertEquals(reason, heard.visual().absentReason());
        assertTrue(heard.audio().present());
    }

    @ParameterizedTest
    @CsvSource({"adpcm_ms", "adpcm_ima_wav", "wmav2"})
    void aCodecOfSoundThatIsNotOnTheListIsNamed(String codec) throws Exception {
        ClipFeatures seen =
                EXTRACTOR.extract(Media.make("mkv", PICTURES + "-f lavfi -i sine=f=200:d=1 -c:v mjpeg -c:a " + codec));
        assertEquals(
                "the codec of the sound, " + codec + ", is not on the list",
                seen.audio().absentReason());
        assertEquals(8, seen.visual().frames().size());
    }

    @ParameterizedTest
    @CsvSource({"png, PNG", "jpg, JPEG", "gif, GIF", "bmp, BMP", "tiff, TIFF", "webp, WebP"})
    void singlePicturesAreNoRecordings(String ending, String name) throws Exception {
        refused(
                "it is a " + name + " picture, not a recording",
                Media.make(ending, "-f lavfi -i testsrc2=s=64x64 -frames:v 1"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "just some words\n",
                "#EXTM3U\n#EXTINF:4,\nfd:0\n",
                "ffconcat version 1.0\nfile fd:\n",
                "\u001b[2J\u001b[31mANSI art\u001b[0m\n",
                "<svg xmlns='http://www.w3.org/2000/svg'><image href='file:///etc/passwd'/></svg>",
                "1\n00:00:00,000 --> 00:00:02,000\nA subtitle\n"
            })
    void textIsNoRecording(String words) {
        refused("it is text, not a recording", text(words));
    }

    @ParameterizedTest
    @ValueSource(strings = {"8192x8192", "16000x1000", "3841x2160"})
    void aPictureLargerThanAllowedIsNamed(String size) throws Exception {
        refused(
                "a picture of " + size + " has more than the 8294400 pixels allowed",
                Media.make("mkv", "-f lavfi -i color=s=" + size + ":r=1:d=1 -frames:v 1 -c:v mjpeg"));
    }

    @Test
    void aClipThatIsTooLongSaysHowLongItIs() throws Exception {
        refused(
                "The clip lasts 40 s, longer than the limit of 15 s",
                Media.make("mkv", "-f lavfi -i testsrc2=s=64x64:r=2:d=40 -c:v mjpeg"));
        refused(
                "The clip lasts 20 s, longer than the limit of 15 s",
                Media.make("mp3", "-f lavfi -i sine=f=200:d=20:r=16000 -c:a libmp3lame"));
    }
}
