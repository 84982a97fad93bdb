package io.migr.streams;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
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
import io.migr.schemas.ConsentExemption;
import io.migr.schemas.ConsentPurpose;
import io.migr.schemas.ConsentSetting;
import io.migr.schemas.ConsentTerms;
import io.migr.schemas.InferenceRequest;
import io.migr.schemas.MediaReference;
import io.migr.schemas.Topic;
import io.migr.schemas.VisualFeatures;
import io.migr.streams.records.FailWithoutCopy;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.errors.ProcessingExceptionHandler;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What may not be processed leaves no media in any topic, whatever else is wrong with its record. */
class ConsentFirstTest {
    /** In media, in names of referenced files and in the sender's headers: nothing that is written may contain it. */
    private static final String MARKER = "MARKER-OF-MEDIA";

    private static final byte[] MEDIA = (MARKER + " a face").getBytes(StandardCharsets.UTF_8);
    private static final byte[] UNDECODABLE = (MARKER + " no film").getBytes(StandardCharsets.UTF_8);
    private static final ClipId CLIP = new ClipId("call", "ann", 0L);

    @TempDir
    static Path folder;

    private static int decoded;
    private static int sent;
    private static final FeatureExtractor EXTRACTOR = media -> {
        decoded++;
        if (Arrays.equals(media, UNDECODABLE)) {
            throw new MediaRejectedException("Nothing in the media can be used.");
        }
        return new ClipFeatures(
                3000,
                new Visual(null, List.of(new ClipFeatures.Frame(20, 1, 1, new byte[3])), 0),
                new Audio(null, new float[16_000]));
    };
    private static StreamsDriver driver;

    @BeforeAll
    static void start() throws IOException {
        driver = new StreamsDriver(EXTRACTOR, Map.of("clip.folder", folder.toString()));
        Files.write(folder.resolve(MARKER), MEDIA);
        ClipSegment known = StreamsDriver.segment(new ClipId("call", "known", 0L), Consent.GRANTED, MEDIA);
        send("call/known", driver.bytes(Topic.CLIPS, ClipSegment.class, known));
        driver.written();
    }

    @AfterAll
    static void close() {
        driver.close();
    }

    @BeforeEach
    void nothingIsDecodedYet() {
        decoded = 0;
    }

    private static ClipSegment segment(Consent consent, ConsentTerms terms) {
        ClipSegment segment = StreamsDriver.segment(CLIP, consent, MEDIA);
        segment.setTerms(terms);
        return segment;
    }

    private static ConsentTerms terms(Consumer<ConsentTerms> change) {
        AvroSafety.set();
        ConsentTerms terms = ConsentTerms.newBuilder()
                .setPurposes(List.of(ConsentPurpose.ANALYSIS))
                .build();
        change.accept(terms);
        return terms;
    }

    private record Refused(String why, Consent consent, ConsentTerms terms) {}

    /** What else is wrong: changes the clip and returns its key. */
    private record Problem(String name, Function<ClipSegment, String> plant) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static List<Refused> refusals() {
        return List.of(
                new Refused("has consent DENIED", Consent.DENIED, null),
                new Refused("has consent UNSPECIFIED", Consent.UNSPECIFIED, null),
                new Refused("has consent DENIED", Consent.DENIED, terms(terms -> {})),
                new Refused(
                        "expired at",
                        Consent.GRANTED,
                        terms(terms -> terms.setExpiresAt(Instant.ofEpochMilli(StreamsDriver.START_MS - 1)))),
                new Refused("was withdrawn at", Consent.GRANTED, terms(terms -> terms.setWithdrawnAt(Instant.EPOCH))),
                new Refused(
                        "before consent was granted",
                        Consent.GRANTED,
                        terms(terms -> terms.setGrantedAt(Instant.ofEpochMilli(2)))),
                new Refused(
                        "without ANALYSIS",
                        Consent.GRANTED,
                        terms(terms -> terms.setPurposes(List.of(ConsentPurpose.TRAINING)))),
                new Refused(
                        "Art. 5(1)(f)", Consent.GRANTED, terms(terms -> terms.setSetting(ConsentSetting.WORKPLACE))));
    }

    private static List<Problem> problems() {
        return List.of(
                new Problem("nothing else", segment -> "call/ann"),
                new Problem("another key", segment -> "call/bob"),
                new Problem("no key", segment -> null),
                new Problem("an empty id", segment -> {
                    segment.setClip(new ClipId("", "ann", 0L));
                    return "/ann";
                }),
                new Problem("an id with a slash", segment -> {
                    segment.setClip(new ClipId("call", "an/n", 0L));
                    return "call/an/n";
                }),
                new Problem("a duplicate", segment -> {
                    segment.setClip(new ClipId("call", "known", 0L));
                    return "call/known";
                }),
                new Problem("undecodable media", segment -> {
                    segment.setMedia(ByteBuffer.wrap(UNDECODABLE));
                    return "call/ann";
                }),
                new Problem("no media", segment -> {
                    segment.setMedia(null);
                    return "call/ann";
                }),
                new Problem("a reference", segment -> reference(segment, folder.resolve(MARKER))),
                new Problem("a reference and media", segment -> {
                    String key = reference(segment, folder.resolve(MARKER));
                    segment.setMedia(ByteBuffer.wrap(MEDIA));
                    return key;
                }),
                new Problem("a reference outside the folder", segment -> reference(segment, Path.of("/etc", MARKER))));
    }

    private static String reference(ClipSegment segment, Path file) {
        segment.setMedia(null);
        segment.setMediaReference(new MediaReference(file.toUri().toString(), MARKER, (long) MEDIA.length));
        return "call/bob";
    }

    static Stream<Arguments> combinations() {
        return refusals().stream()
                .flatMap(refused -> problems().stream().map(problem -> Arguments.of(refused, problem)));
    }

    @ParameterizedTest
    @MethodSource("combinations")
    void aRefusedClipIsOneDeadLetterWithoutMediaWhateverElseIsWrong(Refused refused, Problem problem) {
        ClipSegment segment = segment(refused.consent(), refused.terms());
        send(problem.plant().apply(segment), driver.bytes(Topic.CLIPS, ClipSegment.class, segment));
        assertEquals(0, decoded, "it was not decoded");
        Map<String, List<TestRecord<byte[], byte[]>>> written = driver.written();
        Set<String> topics = nonEmpty(written);
        assertTrue(topics.remove("migr.dead-letters"));
        topics.removeIf(topic -> topic.endsWith("-changelog"));
        if (topics.remove("migr.visual-features")) {
            assertEquals(1, written.get("migr.visual-features").size());
            assertNull(written.get("migr.visual-features").get(0).value(), "it says only that consent has ended");
        }
        assertEquals(Set.of(), topics);
        TestRecord<byte[], byte[]> letter = written.get("migr.dead-letters").get(0);
        assertEquals(1, written.get("migr.dead-letters").size());
        assertTrue(DeadLetters.reason(letter.headers()).contains(refused.why()), DeadLetters.reason(letter.headers()));
        assertEquals(List.of(), marked(written));
        assertNotNull(letter.value(), "who it was about is kept");
        assertEquals(2, DeadLetters.retries(letter.headers()));
    }

    @ParameterizedTest
    @MethodSource("unreadable")
    void whatCannotBeReadIsNotCopiedAndItsPlaceIsNamed(String noticed, byte[] value) {
        send("call/ann", value);
        Map<String, List<TestRecord<byte[], byte[]>>> written = driver.written();
        TestRecord<byte[], byte[]> letter = written.get("migr.dead-letters").get(0);
        String reason = DeadLetters.reason(letter.headers());
        assertTrue(reason.contains(noticed), reason);
        assertTrue(reason.startsWith("Whether there is consent cannot be read, so the value is not copied"), reason);
        assertNull(letter.value());
        assertEquals("migr.clips", DeadLetters.text(letter.headers(), DeadLetters.TOPIC));
        assertEquals("0", DeadLetters.text(letter.headers(), DeadLetters.PARTITION));
        assertEquals(String.valueOf(sent - 1), DeadLetters.text(letter.headers(), DeadLetters.OFFSET));
        assertEquals(List.of(), marked(written));
        assertEquals(0, decoded);
    }

    static Stream<Arguments> unreadable() {
        byte[] whole = driver.bytes(Topic.CLIPS, ClipSegment.class, segment(Consent.GRANTED, null));
        byte[] unknown = whole.clone();
        unknown[1] = 99;
        return Stream.of(
                Arguments.of("not in Confluent wire format", MEDIA),
                Arguments.of("", unknown),
                Arguments.of("is not a valid ClipSegment", Arrays.copyOf(whole, whole.length - 3)),
                Arguments.of("has bytes left over", Arrays.copyOf(whole, whole.length + 3)));
    }

    /** With consent everything is as before: the checks of this test would notice copied media. */
    @Test
    void withConsentADeadLetterKeepsItsMedia() {
        for (ConsentTerms terms : new ConsentTerms[] {
            null,
            terms(terms -> terms.setExpiresAt(Instant.ofEpochMilli(StreamsDriver.START_MS + 1))),
            terms(terms -> {
                terms.setSetting(ConsentSetting.EDUCATION);
                terms.setExemption(ConsentExemption.SAFETY);
            })
        }) {
            byte[] value = driver.bytes(Topic.CLIPS, ClipSegment.class, segment(Consent.GRANTED, terms));
            send("call/bob", value);
            Map<String, List<TestRecord<byte[], byte[]>>> written = driver.written();
            assertEquals(List.of("migr.dead-letters value", "migr.dead-letters header"), marked(written));
            assertTrue(
                    Arrays.equals(value, written.get("migr.dead-letters").get(0).value()));
        }
    }

    @Test
    void termsTravelToTheRequest() {
        ConsentTerms terms = terms(one -> one.setNoticeId("notice 3"));
        send("call/ann", driver.bytes(Topic.CLIPS, ClipSegment.class, segment(Consent.GRANTED, terms)));
        assertEquals(
                terms,
                driver.out(Topic.VISUAL_FEATURES, VisualFeatures.class)
                        .readValue()
                        .getTerms());
        assertEquals(
                terms,
                driver.out(Topic.AUDIO_FEATURES, AudioFeatures.class)
                        .readValue()
                        .getTerms());
        assertEquals(
                terms,
                driver.out(Topic.INFERENCE_REQUESTS, InferenceRequest.class)
                        .readValue()
                        .getTerms());
        Set<String> changelogs = new TreeSet<>(driver.written().keySet());
        changelogs.removeIf(topic -> !topic.endsWith("-changelog"));
        assertTrue(changelogs.size() >= 3, "changelogs are among what is checked: " + changelogs);
    }

    /** Kafka Streams would write the whole source record to the dead letters before it stops. */
    @Test
    void anUnexpectedErrorCopiesNothing() {
        FailWithoutCopy handler = new FailWithoutCopy();
        ProcessingExceptionHandler.Response failed =
                handler.handleError(null, (Record<?, ?>) null, new IllegalStateException());
        assertEquals(ProcessingExceptionHandler.Result.FAIL, failed.result());
        assertTrue(failed.deadLetterQueueRecords().isEmpty());
    }

    private static void send(String key, byte[] value) {
        RecordHeaders headers = new RecordHeaders();
        headers.add("theirs", MEDIA);
        headers.add(DeadLetters.RETRIES, "2".getBytes(StandardCharsets.UTF_8));
        driver.in(Topic.CLIPS).pipeInput(new TestRecord<>(key, value, headers, 5L));
        sent++;
    }

    private static Set<String> nonEmpty(Map<String, List<TestRecord<byte[], byte[]>>> written) {
        Set<String> topics = new TreeSet<>(written.keySet());
        topics.removeIf(topic -> written.get(topic).isEmpty());
        return topics;
    }

    /** Where the marker is found: topic and part of the record. */
    private static List<String> marked(Map<String, List<TestRecord<byte[], byte[]>>> written) {
        return written.entrySet().stream()
                .flatMap(topic -> topic.getValue().stream().flatMap(record -> marked(topic.getKey(), record)))
                .toList();
    }

    private static Stream<String> marked(String topic, TestRecord<byte[], byte[]> record) {
        Stream<String> headers = Stream.of(record.headers().toArray())
                .filter(header -> has(header.value()) || header.key().contains(MARKER))
                .map((Header header) -> topic + " header");
        return Stream.concat(
                Stream.concat(
                        has(record.key()) ? Stream.of(topic + " key") : Stream.empty(),
                        has(record.value()) ? Stream.of(topic + " value") : Stream.empty()),
                headers);
    }

    private static boolean has(byte[] bytes) {
        return bytes != null && new String(bytes, StandardCharsets.ISO_8859_1).contains(MARKER);
    }
}
