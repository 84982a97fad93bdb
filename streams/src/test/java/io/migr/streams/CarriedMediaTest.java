package io.migr.streams;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.migr.corpus.Clip;
import io.migr.features.ClipFeatures;
import io.migr.features.ClipFeatures.Audio;
import io.migr.features.ClipFeatures.Visual;
import io.migr.features.Jpeg;
import io.migr.schemas.AudioFeatures;
import io.migr.schemas.ClipId;
import io.migr.schemas.Consent;
import io.migr.schemas.InferenceRequest;
import io.migr.schemas.SoundCodec;
import io.migr.schemas.Topic;
import io.migr.schemas.VisualFeatures;
import java.awt.image.BufferedImage;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.TreeMap;
import javax.imageio.ImageIO;
import javax.imageio.spi.IIORegistry;
import javax.imageio.spi.ImageWriterSpi;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.Test;

/** What {@code features.carry} lets pass the split step, in every record and changelog but the clip itself. */
class CarriedMediaTest {
    private static final int PICTURES = 8;
    private static final int SIDE = 448;
    private static final int GOAL_BYTES = 10_000;
    private static final ClipFeatures FEATURES = drawn();

    /** A drawn clip with a face and a voice, as the extractor returns it. */
    private static ClipFeatures drawn() {
        Clip clip = Clip.of(firstWithVoice());
        List<ClipFeatures.Frame> frames = new ArrayList<>();
        for (int i = 0; i < PICTURES; i++) {
            double seconds = (i + 0.5) * Clip.SECONDS / PICTURES;
            BufferedImage picture = clip.picture(seconds, SIDE);
            frames.add(new ClipFeatures.Frame(
                    (int) (1000 * seconds), picture.getWidth(), picture.getHeight(), rgb(picture)));
        }
        return new ClipFeatures(
                (int) (1000 * Clip.SECONDS), new Visual(null, frames, 0), new Audio(null, clip.samples()));
    }

    private static long firstWithVoice() {
        long seed = 1;
        while (Clip.of(seed).truth().voice() == null) {
            seed++;
        }
        return seed;
    }

    private static byte[] rgb(BufferedImage picture) {
        byte[] rgb = new byte[3 * picture.getWidth() * picture.getHeight()];
        for (int i = 0; i < rgb.length / 3; i++) {
            int pixel = picture.getRGB(i % picture.getWidth(), i / picture.getWidth());
            for (int channel = 0; channel < 3; channel++) {
                rgb[3 * i + channel] = (byte) (pixel >> (16 - 8 * channel));
            }
        }
        return rgb;
    }

    private static StreamsDriver fed(String carry) {
        StreamsDriver driver = new StreamsDriver(media -> FEATURES, Map.of("features.carry", carry));
        byte[] media = "media".getBytes(StandardCharsets.UTF_8);
        driver.send("call/ann", StreamsDriver.segment(new ClipId("call", "ann", 0L), Consent.GRANTED, media));
        return driver;
    }

    private static Map<String, Integer> sizes(Map<String, List<TestRecord<byte[], byte[]>>> written) {
        Map<String, Integer> sizes = new TreeMap<>();
        written.forEach((topic, records) -> sizes.put(
                topic,
                records.stream()
                        .mapToInt(record -> length(record.key()) + length(record.value()))
                        .sum()));
        return sizes;
    }

    private static int length(byte[] bytes) {
        return bytes == null ? 0 : bytes.length;
    }

    /** Whether any written value contains a picture or some of the sound. */
    private static boolean hasMedia(Map<String, List<TestRecord<byte[], byte[]>>> written) {
        byte[] sound = SoundCodec.encode(FEATURES.audio().samples()).getPcm().array();
        List<byte[]> traces = new ArrayList<>(List.of(
                new byte[] {(byte) 0xFF, (byte) 0xD8, (byte) 0xFF},
                Arrays.copyOfRange(sound, sound.length / 4, sound.length / 4 + 64),
                Arrays.copyOfRange(sound, sound.length / 2, sound.length / 2 + 64)));
        FEATURES.visual().frames().forEach(frame -> traces.add(Arrays.copyOfRange(frame.jpeg(), 1000, 1064)));
        return written.values().stream()
                .flatMap(List::stream)
                .anyMatch(record -> record.value() != null
                        && traces.stream().anyMatch(trace -> new String(record.value(), StandardCharsets.ISO_8859_1)
                                .contains(new String(trace, StandardCharsets.ISO_8859_1))));
    }

    @Test
    void underCuesNoRecordAndNoChangelogHoldsAPictureOrTheSound() {
        try (StreamsDriver media = fed("media");
                StreamsDriver cues = fed("cues")) {
            Map<String, List<TestRecord<byte[], byte[]>>> with = media.written();
            Map<String, List<TestRecord<byte[], byte[]>>> without = cues.written();
            assertTrue(hasMedia(with));
            assertFalse(hasMedia(without));
            assertEquals(with.keySet(), without.keySet());
            Map<String, Integer> before = sizes(with);
            Map<String, Integer> after = sizes(without);
            before.forEach((topic, bytes) ->
                    System.out.printf("bytes a clip on %-60s media %7d, cues %7d%n", topic, bytes, after.get(topic)));
            after.forEach((topic, bytes) -> assertTrue(bytes <= GOAL_BYTES, topic + ": " + bytes + " bytes a clip"));
        }
    }

    @Test
    void underCuesTheHalvesStayPresentAndKeepWhatWasMeasured() {
        try (StreamsDriver media = fed("media");
                StreamsDriver cues = fed("cues")) {
            VisualFeatures visual =
                    media.out(Topic.VISUAL_FEATURES, VisualFeatures.class).readValue();
            AudioFeatures audio =
                    media.out(Topic.AUDIO_FEATURES, AudioFeatures.class).readValue();
            assertEquals(PICTURES, visual.getFrames().size());
            assertEquals(0, audio.getMelFrames());
            assertFalse(audio.getLogMel().hasRemaining());
            assertTrue(audio.getSound().getPcm().hasRemaining());
            visual.setFrames(List.of());
            audio.setSound(null);
            assertTrue(visual.getPresent() && audio.getPresent());
            assertFalse(visual.getFace().getUnits().isEmpty());
            assertFalse(audio.getVoice().getSpeech().isEmpty());
            assertEquals(
                    visual,
                    cues.out(Topic.VISUAL_FEATURES, VisualFeatures.class).readValue());
            assertEquals(
                    audio, cues.out(Topic.AUDIO_FEATURES, AudioFeatures.class).readValue());
            InferenceRequest request =
                    cues.out(Topic.INFERENCE_REQUESTS, InferenceRequest.class).readValue();
            assertEquals(visual, request.getVisual());
            assertEquals(audio, request.getAudio());
        }
    }

    @Test
    void picturesAreEncodedOnlyWhereTheyAreCarried() {
        ImageWriterSpi jpeg = (ImageWriterSpi)
                ImageIO.getImageWritersByFormatName("jpeg").next().getOriginatingProvider();
        IIORegistry.getDefaultInstance().deregisterServiceProvider(jpeg);
        try {
            try (StreamsDriver cues = fed("cues")) {
                assertFalse(
                        cues.out(Topic.VISUAL_FEATURES, VisualFeatures.class).isEmpty());
            }
            assertThrows(
                    NoSuchElementException.class, FEATURES.visual().frames().get(0)::jpeg);
        } finally {
            IIORegistry.getDefaultInstance().registerServiceProvider(jpeg);
        }
    }

    @Test
    void aCarriedPictureIsTheJpegOfTheDecodedOne() {
        Clip clip = Clip.of(firstWithVoice());
        try (StreamsDriver media = fed("media")) {
            VisualFeatures visual =
                    media.out(Topic.VISUAL_FEATURES, VisualFeatures.class).readValue();
            for (int i = 0; i < PICTURES; i++) {
                BufferedImage picture = clip.picture((i + 0.5) * Clip.SECONDS / PICTURES, SIDE);
                assertEquals(
                        ByteBuffer.wrap(Jpeg.of(picture, 0.9f)),
                        visual.getFrames().get(i).getJpeg());
            }
        }
    }
}
