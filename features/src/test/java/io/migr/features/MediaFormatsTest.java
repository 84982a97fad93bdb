package io.migr.features;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.migr.features.ffmpeg.MediaFormats;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("slow")
class MediaFormatsTest {
    private static final FfmpegExtractor EXTRACTOR = new FfmpegExtractor(Media.PROGRAM, MediaLimits.usual());

    @ParameterizedTest
    @CsvSource({
        "ts,   -c:v libopenh264 -c:a aac",
        "m2ts, -c:v mpeg2video -c:a mp2",
        "mpg,  -c:v mpeg1video -c:a mp2",
        "vob,  -c:v mpeg2video -c:a ac3",
        "flv,  -c:v libopenh264 -c:a aac",
        "flv,  -c:v flv -c:a libmp3lame -ar 44100",
        "3gp,  -c:v h263 -c:a libopencore_amrnb -ar 8000",
        "3gp,  -c:v libopenh264 -c:a libvo_amrwbenc -ar 16000",
        "mov,  -c:v prores_ks -c:a pcm_s16be",
        "mov,  -c:v mjpeg -pix_fmt yuv444p -c:a alac",
        "mkv,  -c:v libaom-av1 -cpu-used 8 -usage realtime -c:a eac3",
        "mkv,  -c:v libvpx-vp9 -pix_fmt yuv444p -deadline realtime -cpu-used 8 -c:a pcm_f64le",
        "mp4,  -c:v mpeg4 -c:a libmp3lame",
        "avi,  -c:v mpeg4 -c:a pcm_mulaw -ar 8000"
    })
    void decodesPicturesAndSound(String ending, String codecs) throws Exception {
        ClipFeatures clip =
                EXTRACTOR.extract(Media.make(ending, Media.source("352x288", 25, 1) + " " + codecs.strip() + " -ac 1"));
        assertEquals(8, clip.visual().frames().size(), clip.visual().absentReason());
        assertTrue(clip.audio().present(), clip.audio().absentReason());
        assertEquals(1000, clip.durationMs(), 130);
    }

    @ParameterizedTest
    @CsvSource({
        "mkv,  -c:a pcm_mulaw -ar 8000",
        "mkv,  -c:a pcm_alaw -ar 8000",
        "wav,  -c:a pcm_mulaw -ar 8000",
        "mov,  -c:a pcm_alaw -ar 8000",
        "wav,  -c:a g722 -ar 16000",
        "mkv,  -c:a g722 -ar 16000",
        "wav,  -c:a pcm_s16le -ar 8000",
        "wav,  -c:a pcm_s24le",
        "wav,  -c:a pcm_s32le",
        "wav,  -c:a pcm_f32le",
        "wav,  -c:a pcm_f64le",
        "aiff, -c:a pcm_s24be",
        "aiff, -c:a pcm_s32be",
        "aiff, -c:a pcm_f32be",
        "aiff, -c:a pcm_f64be",
        "aiff, -c:a pcm_s8",
        "m4a,  -c:a alac",
        "caf,  -c:a alac",
        "mp4,  -c:a eac3",
        "mka,  -c:a ac3",
        "mp3,  -c:a libmp3lame",
        "flac, -c:a flac",
        "aac,  -c:a aac",
        "ts,   -c:a aac -mpegts_flags latm",
        "amr,  -c:a libopencore_amrnb -ar 8000",
        "amr,  -c:a libvo_amrwbenc -ar 16000",
        "ogg,  -c:a vorbis -strict -2 -ac 2",
        "opus, -c:a libopus"
    })
    void decodesSound(String ending, String codecs) throws Exception {
        ClipFeatures clip =
                EXTRACTOR.extract(Media.make(ending, "-f lavfi -i sine=f=200:d=1:r=48000 -ac 1 " + codecs.strip()));
        assertTrue(clip.audio().present(), clip.audio().absentReason());
        assertEquals("there is no video track", clip.visual().absentReason());
        assertEquals(1000, clip.durationMs(), 70);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "gif -f lavfi -i testsrc2=s=64x64:d=1",
                "png -f lavfi -i testsrc2=s=64x64 -frames:v 1",
                "jpg -f lavfi -i testsrc2=s=64x64 -frames:v 1",
                "webp -f lavfi -i testsrc2=s=64x64 -frames:v 1",
                "y4m -f lavfi -i testsrc2=s=64x64:d=1",
                "mkv -f lavfi -i testsrc2=s=64x64:d=1 -c:v ffv1",
                "wav -f lavfi -i sine=f=200:d=1 -c:a adpcm_ms"
            })
    void refusesWhatIsNotOnTheList(String made) throws Exception {
        String[] words = made.split(" ", 2);
        byte[] media = Media.make(words[0], words[1]);
        assertThrows(MediaRejectedException.class, () -> EXTRACTOR.extract(media));
    }

    @Test
    void endingsAreNamedOnceForFoldersTypesAndHelp() {
        assertTrue(MediaFormats.isRecording("a.b.MP4"));
        assertFalse(MediaFormats.isRecording("notes.txt"));
        assertFalse(MediaFormats.isRecording("mp4.m3u8"));
        assertEquals("video/webm", MediaFormats.mediaType("ann.webm"));
        assertEquals("audio/wav", MediaFormats.mediaType("/some/folder/ANN.WAV"));
        for (String ending : MediaFormats.endings()) {
            assertTrue(MediaFormats.sentence().contains(ending));
            assertTrue(MediaFormats.mediaType("x." + ending).matches("(audio|video)/.+"), ending);
        }
    }
}
