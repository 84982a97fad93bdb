package io.migr.streams;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.migr.features.ClipFeatures;
import io.migr.features.ClipFeatures.Audio;
import io.migr.features.ClipFeatures.Visual;
import io.migr.features.FeatureExtractor;
import io.migr.features.MediaRejectedException;
import io.migr.runtime.kafka.DeadLetters;
import io.migr.schemas.AudioFeatures;
import io.migr.schemas.AvroSafety;
import io.migr.schemas.ClipId;
import io.migr.schemas.ClipSegment;
import io.migr.schemas.Consent;
import io.migr.schemas.ConsentPurpose;
import io.migr.schemas.ConsentTerms;
import io.migr.schemas.MediaReference;
import io.migr.schemas.SoundCodec;
import io.migr.schemas.Topic;
import io.migr.schemas.VisualFeatures;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SplitTopologyTest {
    private static final byte[] GOOD = "good".getBytes(StandardCharsets.UTF_8);
    private static final FeatureExtractor EXTRACTOR = media -> {
        if (!new String(media, StandardCharsets.UTF_8).equals("good")) {
            throw new MediaRejectedException("Nothing in the media can be used.");
        }
        return new ClipFeatures(
                3000,
                new Visual(null, List.of(new ClipFeatures.Frame(20, 1, 1, new byte[3])), 2600),
                new Audio(null, sound()));
    };

    @TempDir
    static Path folder;

    private final StreamsDriver driver =
            new StreamsDriver(EXTRACTOR, Map.of("clip.folder", folder.toString(), "features.carry", "media"));
    private final TestOutputTopic<String, VisualFeatures> visual =
            driver.out(Topic.VISUAL_FEATURES, VisualFeatures.class);
    private final TestOutputTopic<String, AudioFeatures> audio = driver.out(Topic.AUDIO_FEATURES, AudioFeatures.class);
    private final TestOutputTopic<String, byte[]> dead = driver.deadLetters();

    @AfterEach
    void close() {
        driver.close();
    }

    private static ClipId clip(long sequence) {
        return new ClipId("call", "ann", sequence);
    }

    @Test
    void aClipIsSplitIntoItsTwoHalves() {
        driver.send("call/ann", StreamsDriver.segment(clip(0), Consent.GRANTED, GOOD));
        VisualFeatures seen = visual.readValue();
        assertEquals(clip(0), seen.getClip());
        assertEquals(20, seen.getFrames().get(0).getTimeMs());
        AudioFeatures heard = audio.readValue();
        assertEquals(0, heard.getMelFrames());
        assertFalse(heard.getLogMel().hasRemaining());
        assertArrayEquals(sound(), SoundCodec.decode(heard.getSound(), "call/ann/0"));
        assertNull(heard.getProsody().getJitterPercent());
        assertEquals(0, heard.getProsody().getVoiceActivity());
        assertEquals(1000, heard.getVoice().getDurationMs());
        assertEquals("no face was found", seen.getFace().getAbsentReason());
        assertTrue(dead.isEmpty());
    }

    /** A click in a second of silence. */
    private static float[] sound() {
        float[] samples = new float[16_000];
        samples[0] = -0.25f;
        return samples;
    }

    @Test
    void withoutConsentNothingIsDecodedAndTheMediaIsDropped() {
        for (Consent consent : List.of(Consent.DENIED, Consent.UNSPECIFIED)) {
            driver.send("call/ann", StreamsDriver.segment(clip(1), consent, GOOD));
            TestRecord<String, byte[]> letter = dead.readRecord();
            assertTrue(DeadLetters.reason(letter.headers()).contains("has consent " + consent));
            assertTrue(!new String(letter.value(), StandardCharsets.ISO_8859_1).contains("good"));
        }
        assertEquals(Arrays.asList(null, null), visual.readValuesToList(), "only that consent has ended");
        assertTrue(audio.isEmpty());
    }

    @Test
    void anUnusableRecordIsOneDeadLetterWithItsReasonAndProcessingContinues() {
        driver.send("call/ann", StreamsDriver.segment(clip(2), Consent.GRANTED, new byte[] {1}));
        expect("Nothing in the media can be used");
        driver.send(null, StreamsDriver.segment(clip(3), Consent.GRANTED, GOOD));
        expect("has no key. Its key must be \"call/ann\"");
        driver.send("call/bob", StreamsDriver.segment(clip(3), Consent.GRANTED, GOOD));
        expect("has the key \"call/bob\"");
        driver.in(Topic.CLIPS).pipeInput("call/ann", new byte[] {9, 9, 9, 9, 9, 9});
        assertNull(expect("Confluent wire format").value());
        driver.in(Topic.CLIPS).pipeInput("call/ann", null);
        expect("without a value is not a valid ClipSegment");
        driver.send("call/ann", StreamsDriver.segment(clip(-1), Consent.GRANTED, GOOD));
        expect("has the sequence number -1");
        driver.send("call/ann", StreamsDriver.segment(clip(4), Consent.GRANTED, GOOD));
        assertEquals(1, visual.readValuesToList().size());
        assertEquals(1, audio.readValuesToList().size());
    }

    @Test
    void aClipThatIsSentTwiceIsCountedAndNothingIsWrittenForIt() {
        driver.send("call/ann", StreamsDriver.segment(clip(4), Consent.GRANTED, GOOD));
        driver.send("call/ann", StreamsDriver.segment(clip(4), Consent.GRANTED, GOOD));
        driver.send("call/ann", StreamsDriver.segment(clip(4), Consent.GRANTED, new byte[] {1}));
        assertEquals(2, driver.duplicates());
        assertEquals(1, visual.readValuesToList().size());
        assertEquals(1, audio.readValuesToList().size());
        assertTrue(dead.isEmpty());
    }

    @Test
    void idsThatCannotBeInAKeyAreDeadLetters() {
        for (String id :
                List.of("", " ", "a/b", "a\nb", "\u001b[2J", "a\u2028", "x".repeat(257), "x".repeat(1 << 20))) {
            driver.send("call/" + id, StreamsDriver.segment(new ClipId("call", id, 0L), Consent.GRANTED, GOOD));
            TestRecord<String, byte[]> letter = expect("participantId must not be empty");
            String reason = DeadLetters.reason(letter.headers());
            assertTrue(reason.length() < 500 && reason.chars().noneMatch(Character::isISOControl), reason);
        }
        driver.send("x".repeat(1 << 20), StreamsDriver.segment(clip(5), Consent.GRANTED, GOOD));
        expect("(1048576 characters)");
    }

    @Test
    void halvesHaveTheTimeAndTheHeadersOfTheSplitStepAndNotOfTheSender() {
        for (long time : new long[] {0, 1, StreamsDriver.START_MS + 3_000_000}) {
            RecordHeaders headers = new RecordHeaders();
            headers.add("trace", new byte[1 << 20]);
            byte[] value = driver.bytes(
                    Topic.CLIPS, ClipSegment.class, StreamsDriver.segment(clip(10 + time), Consent.GRANTED, GOOD));
            driver.in(Topic.CLIPS).pipeInput(new TestRecord<>("call/ann", value, headers, time));
            for (TestRecord<String, ?> half : List.of(visual.readRecord(), audio.readRecord())) {
                assertEquals(StreamsDriver.START_MS, half.timestamp());
                assertEquals(0, half.headers().toArray().length);
            }
        }
    }

    /** The largest record that the topic takes; its dead letter has headers in addition. */
    @Test
    void aDeadLetterThatWouldBeTooLargeHasNoMediaButSaysWhereTheRecordIs() {
        byte[] media = new byte[Topic.MAX_MESSAGE_BYTES - 400];
        driver.send("call/ann", StreamsDriver.segment(clip(20), Consent.GRANTED, media));
        TestRecord<String, byte[]> letter = expect("Nothing in the media can be used. The record is too large");
        assertNull(letter.value());
        assertEquals("call/ann", letter.key());
        assertEquals("0", DeadLetters.text(letter.headers(), DeadLetters.OFFSET));
        RecordHeaders headers = new RecordHeaders();
        headers.add("large", new byte[Topic.MAX_MESSAGE_BYTES - 2000]);
        byte[] value = driver.bytes(
                Topic.CLIPS, ClipSegment.class, StreamsDriver.segment(clip(21), Consent.GRANTED, new byte[] {1}));
        driver.in(Topic.CLIPS).pipeInput(new TestRecord<>("call/ann", value, headers));
        assertNull(expect("too large to be copied").headers().lastHeader("large"));
    }

    @Test
    void aHalfThatWouldBeTooLargeIsOneDeadLetter() {
        AvroSafety.set();
        ClipSegment segment = StreamsDriver.segment(clip(30), Consent.GRANTED, GOOD);
        segment.setTerms(ConsentTerms.newBuilder()
                .setPurposes(List.of(ConsentPurpose.ANALYSIS))
                .setNoticeId("x".repeat(Topic.MAX_MESSAGE_BYTES - 30_000))
                .build());
        driver.send("call/ann", segment);
        expect("The visual half of clip call/ann/30 would have");
        assertTrue(visual.isEmpty() && audio.isEmpty());
    }

    @Test
    void claimChecksAreFetchedOnlyFromTheirFolderAndAreVerified() throws Exception {
        Path file = Files.write(folder.resolve("media"), GOOD);
        String digest =
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(GOOD));
        driver.send("call/ann", reference(5, file, digest));
        assertEquals(1, visual.readValuesToList().size());
        driver.send(
                "call/ann",
                reference(6, file, digest.replace(digest.charAt(0), 'f').replace('a', 'b')));
        expect("It was changed after it was sent");
        driver.send("call/ann", reference(7, Path.of("/etc/hostname"), digest));
        expect("outside the folder");
        driver.send("call/ann", reference(8, folder.resolve("none"), digest));
        expect("cannot be read");
        assertTrue(visual.isEmpty());
    }

    private static ClipSegment reference(long sequence, Path file, String digest) {
        ClipSegment segment = StreamsDriver.segment(clip(sequence), Consent.GRANTED, GOOD);
        segment.setMedia(null);
        segment.setMediaReference(new MediaReference(file.toUri().toString(), digest, (long) GOOD.length));
        return segment;
    }

    private TestRecord<String, byte[]> expect(String reason) {
        TestRecord<String, byte[]> letter = dead.readRecord();
        String given = DeadLetters.reason(letter.headers());
        assertTrue(given.contains(reason), given);
        assertEquals(
                "migr.clips",
                new String(letter.headers().lastHeader(DeadLetters.TOPIC).value(), StandardCharsets.UTF_8));
        assertTrue(dead.isEmpty());
        return letter;
    }
}
