package io.migr.cli.feed;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.migr.cli.Migr;
import io.migr.cli.setup.LocalPlatform;
import io.migr.features.ffmpeg.FfmpegProgram;
import io.migr.runtime.config.Configuration;
import io.migr.runtime.config.Key;
import io.migr.runtime.kafka.KafkaClients;
import io.migr.schemas.ClipSegment;
import io.migr.schemas.Topic;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** {@code migr feed} on a real broker; each test uses its own call. */
@Tag("slow")
class FeedTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    static Path folder;

    private static FfmpegProgram ffmpeg;
    private static LocalPlatform platform;
    private static KafkaClients clients;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @BeforeAll
    static void start() throws IOException {
        ffmpeg = FfmpegProgram.find();
        Configuration asked = Configuration.of(
                Map.of("embedded.kafka.port", "0", "embedded.registry.port", "0", "topic.partitions", "1"));
        platform = LocalPlatform.start(asked, folder.resolve("kafka"));
        clients = platform.clients();
    }

    @AfterAll
    static void stop() {
        if (platform != null) {
            platform.close();
        }
    }

    private int run(Object... words) {
        CommandLine line = Migr.commandLine();
        line.setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
        List<String> all = new ArrayList<>(List.of("feed", "--consent", "granted"));
        Arrays.stream(words).map(Object::toString).forEach(all::add);
        for (Key key : List.of(Key.KAFKA_BOOTSTRAP_SERVERS, Key.SCHEMA_REGISTRY_URL, Key.TOPIC_PARTITIONS)) {
            all.addAll(List.of("--" + key.flag(), platform.configuration().text(key)));
        }
        return line.execute(all.toArray(String[]::new));
    }

    /** The clips of a call, in the order in which they were sent. */
    private static List<ClipSegment> clips(String call) {
        List<ClipSegment> found = new ArrayList<>();
        try (KafkaConsumer<String, byte[]> consumer = clients.consumer(null)) {
            TopicPartition place = new TopicPartition(clients.name(Topic.CLIPS), 0);
            consumer.assign(List.of(place));
            consumer.seekToBeginning(List.of(place));
            long end = consumer.endOffsets(List.of(place)).get(place);
            while (consumer.position(place) < end) {
                consumer.poll(java.time.Duration.ofMillis(100))
                        .forEach(record -> found.add(clients.serde(ClipSegment.class)
                                .deserializer()
                                .deserialize(record.topic(), record.value())));
            }
        }
        return found.stream()
                .filter(clip -> clip.getClip().getCallId().equals(call))
                .toList();
    }

    private static List<String> names(String call) {
        return clips(call).stream()
                .map(clip ->
                        clip.getClip().getParticipantId() + "/" + clip.getClip().getSequence())
                .toList();
    }

    /** A recording of the given length in its own folder. */
    private static Path recording(String name, int seconds) throws IOException, InterruptedException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        String words = "-v error -f lavfi -i testsrc2=s=160x120:r=10:d=" + seconds + " -f lavfi -i sine=f=200:d="
                + seconds + " -c:v libopenh264 -c:a aac -y " + file;
        Process process = ffmpeg.command("ffmpeg", List.of(words.split(" ")))
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), output);
        return file;
    }

    @Test
    void oneBadFileDoesNotStopAFolderAndNothingIsSkippedSilently() throws Exception {
        Path all = recording("mixed/ann.mp4", 6).getParent();
        byte[] whole = Files.readAllBytes(recording("mixed/zoe.mp4", 3));
        Files.write(all.resolve("bob.mp4"), Arrays.copyOf(whole, whole.length / 2));
        Files.write(all.resolve("empty.webm"), new byte[0]);
        Files.writeString(all.resolve("notes.txt"), "not a recording");
        assertEquals(1, run(all, "--call", "mixed"));
        assertEquals(List.of("ann/0", "ann/1", "zoe/0"), names("mixed"));
        String said = err.toString();
        assertTrue(said.contains("bob.mp4 is not a readable recording") && said.contains("moov"), said);
        assertTrue(said.contains("empty.webm is empty (0 bytes)"), said);
        assertTrue(said.contains("notes.txt was not sent"), said);
        assertTrue(said.contains("3 clips of 4 files sent, 2 files refused or incomplete"), said);
        ClipSegment zoe = clips("mixed").get(2);
        assertArrayEquals(whole, zoe.getMedia().array());
        assertEquals("video/mp4", zoe.getMediaType());
    }

    @Test
    void partsOfOneParticipantFollowEachOther() throws Exception {
        Path first = recording("parts/one.mp4", 6);
        Path second = recording("parts/two.mkv", 3);
        assertEquals(0, run(first, second, "--call", "parts", "--participant", "ann", "--json"), err.toString());
        assertEquals(List.of("ann/0", "ann/1", "ann/2"), names("parts"));
        assertEquals(6000, clips("parts").get(2).getStartMs(), 100);
        for (String line : out.toString().lines().toList()) {
            assertTrue(JSON.readTree(line).path("duration_ms").asInt() > 1000, line);
        }
    }

    @Test
    void equalNamesAreRefusedBeforeAnythingIsSent() throws Exception {
        Path first = recording("left/ann.mp4", 2);
        Path second = recording("right/ann.mkv", 2);
        assertEquals(1, run(first, second, "--call", "twice"));
        assertTrue(err.toString().contains("would both be participant ann"), err.toString());
        assertTrue(clips("twice").isEmpty());
        assertEquals(1, run(folder.resolve("left").resolve("none.mp4"), "--call", "twice"));
        assertTrue(err.toString().contains("There is no file"), err.toString());
    }

    @Test
    void aRecordingThatEndsEarlyIsNamed() throws Exception {
        Path whole = recording("cut/long.mkv", 20);
        byte[] bytes = Files.readAllBytes(whole);
        Files.write(whole, Arrays.copyOf(bytes, bytes.length / 2));
        assertEquals(1, run(whole, "--call", "early"));
        assertTrue(err.toString().contains("was sent in part: it ends after"), err.toString());
        assertFalse(clips("early").isEmpty());
    }

    @Test
    void pictureAndSoundOfTwoFilesAreJoined() throws Exception {
        Path picture = recording("two/ann.mp4", 6);
        Path sound = recording("two/ann.m4a", 6);
        assertEquals(0, run(picture, "--sound", sound, "--call", "joined"), err.toString());
        assertEquals(List.of("ann/0", "ann/1"), names("joined"));
        assertEquals(1, run(picture.getParent(), "--sound", sound, "--participant", "ann", "--call", "joined-twice"));
        assertTrue(clips("joined-twice").isEmpty());
    }
}
