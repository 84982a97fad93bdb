package io.migr.streams;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.migr.features.FeatureExtractor;
import io.migr.features.ProcessFolder;
import io.migr.perception.ClipPerception;
import io.migr.runtime.config.Configuration;
import io.migr.schemas.AudioFeatures;
import io.migr.schemas.AvroSerde;
import io.migr.schemas.BaselineClip;
import io.migr.schemas.ClipId;
import io.migr.schemas.ClipKey;
import io.migr.schemas.ClipSegment;
import io.migr.schemas.Consent;
import io.migr.schemas.InMemorySchemaRegistry;
import io.migr.schemas.InferenceRequest;
import io.migr.schemas.Topic;
import io.migr.schemas.VisualFeatures;
import io.migr.streams.records.ArrivalTime;
import io.migr.streams.records.ValueSerdes;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.ValueAndTimestamp;
import org.apache.kafka.streams.test.TestRecord;

/** Runs the topology of clips in a test driver, with an in-memory registry. */
final class StreamsDriver implements AutoCloseable {
    static final long WAIT_MS = 1_000;
    private static final long TICK_MS = 250;
    static final long START_MS = 1_800_000_000_000L;

    private final InMemorySchemaRegistry registry = new InMemorySchemaRegistry();
    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    private final ClipPerception perception = new ClipPerception(true);
    private final ProcessFolder state = ProcessFolder.open(Path.of("target", "streams"), "migr-streams-", "");
    private final TopologyTestDriver driver;

    StreamsDriver(FeatureExtractor extractor, Map<String, String> changes) {
        Map<String, String> settings = new java.util.HashMap<>(changes);
        settings.put("streams.pair.wait.ms", String.valueOf(WAIT_MS));
        ValueSerdes values = new ValueSerdes() {
            @Override
            public <T extends SpecificRecord> Serde<T> of(Class<T> type) {
                return AvroSerde.of(type, registry);
            }
        };
        Properties properties = new Properties();
        properties.put("application.id", "test");
        properties.put("bootstrap.servers", "none:1");
        properties.put("ensure.explicit.internal.resource.naming", "true");
        properties.put("default.timestamp.extractor", ArrivalTime.class.getName());
        properties.put("state.dir", state.path().toString());
        properties.put("rocksdb.config.setter", WaitingMemory.class.getName());
        driver = new TopologyTestDriver(
                StreamsService.topology(Configuration.of(settings), values, extractor, perception, metrics),
                properties,
                Instant.ofEpochMilli(START_MS));
    }

    InMemorySchemaRegistry registry() {
        return registry;
    }

    TestInputTopic<String, byte[]> in(Topic topic) {
        return driver.createInputTopic(topic.name("migr."), new StringSerializer(), new ByteArraySerializer());
    }

    <T extends SpecificRecord> byte[] bytes(Topic topic, Class<T> type, T value) {
        return AvroSerde.of(type, registry).serializer().serialize(topic.name("migr."), value);
    }

    <T extends SpecificRecord> TestOutputTopic<String, T> out(Topic topic, Class<T> type) {
        return driver.createOutputTopic(
                topic.name("migr."),
                new StringDeserializer(),
                AvroSerde.of(type, registry).deserializer());
    }

    TestOutputTopic<String, byte[]> deadLetters() {
        return driver.createOutputTopic("migr.dead-letters", new StringDeserializer(), new ByteArrayDeserializer());
    }

    /** How many clips wait for a half. */
    int waiting() {
        int count = 0;
        try (var all = driver.getTimestampedKeyValueStore(PairProcessor.PENDING).all()) {
            for (; all.hasNext(); all.next()) {
                count++;
            }
        }
        return count;
    }

    /** How many clips were counted as duplicates. */
    double duplicates() {
        return metrics.counter(SplitProcessor.DUPLICATES).count();
    }

    /** All records that were written and not read so far, to any topic, changelogs included. */
    Map<String, List<TestRecord<byte[], byte[]>>> written() {
        Map<String, List<TestRecord<byte[], byte[]>>> all = new TreeMap<>();
        ByteArrayDeserializer bytes = new ByteArrayDeserializer();
        driver.producedTopicNames()
                .forEach(topic -> all.put(
                        topic, driver.createOutputTopic(topic, bytes, bytes).readRecordsToList()));
        return all;
    }

    Set<String> stores() {
        return driver.getAllStateStores().keySet();
    }

    /** What is kept of all participants' clips, in the order of keys. */
    List<BaselineClip> baselines() {
        List<BaselineClip> all = new ArrayList<>();
        try (KeyValueIterator<String, SentClip> entries = sentClips().all()) {
            entries.forEachRemaining(entry -> {
                if (entry.value.numbers() != null) {
                    all.add(entry.value.numbers());
                }
            });
        }
        return all;
    }

    /** The size of that, keys and values as stored; without the hour's clips that are only remembered as sent. */
    int baselineBytes() {
        int bytes = 0;
        Serializer<SentClip> values =
                SentClip.serde(AvroSerde.of(BaselineClip.class, registry)).serializer();
        try (KeyValueIterator<String, SentClip> entries = sentClips().all()) {
            while (entries.hasNext()) {
                KeyValue<String, SentClip> entry = entries.next();
                if (entry.value.numbers() != null) {
                    bytes += entry.key.length() + values.serialize("size", entry.value).length;
                }
            }
        }
        return bytes;
    }

    private KeyValueStore<String, SentClip> sentClips() {
        return driver.getKeyValueStore(PairProcessor.PAIRED);
    }

    /** Restores a waiting half that an earlier run stored, as from the changelog. */
    void restore(VisualFeatures half) {
        InferenceRequest request = InferenceRequest.newBuilder()
                .setClip(half.getClip())
                .setStartMs(half.getStartMs())
                .setDurationMs(half.getDurationMs())
                .setCapturedAt(half.getCapturedAt())
                .setVisual(half)
                .build();
        driver.<String, InferenceRequest>getTimestampedKeyValueStore(PairProcessor.PENDING)
                .put(
                        PairProcessor.slot(
                                ClipKey.of(half.getClip()), half.getClip().getSequence()),
                        ValueAndTimestamp.make(request, 0));
    }

    /** Lets time pass in small steps, as a running process sees it. */
    void pause(long ms) {
        for (long left = ms; left > 0; left -= TICK_MS) {
            driver.advanceWallClockTime(Duration.ofMillis(Math.min(left, TICK_MS)));
        }
    }

    /** Lets a long time pass, in steps that are not taken for jumps of the clock. */
    void idle(Duration time) {
        Duration step = Duration.ofSeconds(10);
        for (long i = 0; i < time.dividedBy(step); i++) {
            driver.advanceWallClockTime(step);
        }
    }

    /** Moves the clock forward in one step. */
    void jump(Duration time) {
        driver.advanceWallClockTime(time);
    }

    void send(VisualFeatures half) {
        in(Topic.VISUAL_FEATURES)
                .pipeInput(ClipKey.of(half.getClip()), bytes(Topic.VISUAL_FEATURES, VisualFeatures.class, half));
    }

    void send(AudioFeatures half) {
        in(Topic.AUDIO_FEATURES)
                .pipeInput(ClipKey.of(half.getClip()), bytes(Topic.AUDIO_FEATURES, AudioFeatures.class, half));
    }

    void send(String key, ClipSegment segment) {
        in(Topic.CLIPS).pipeInput(key, bytes(Topic.CLIPS, ClipSegment.class, segment));
    }

    static ClipSegment segment(ClipId clip, Consent consent, byte[] media) {
        return ClipSegment.newBuilder()
                .setClip(clip)
                .setStartMs(0)
                .setDurationMs(4000)
                .setCapturedAt(Instant.ofEpochMilli(1))
                .setMediaType("video/mp4")
                .setMedia(ByteBuffer.wrap(media))
                .setConsent(consent)
                .build();
    }

    static VisualFeatures visual(ClipId clip) {
        return VisualFeatures.newBuilder()
                .setClip(clip)
                .setStartMs(0)
                .setDurationMs(4000)
                .setCapturedAt(Instant.ofEpochMilli(1))
                .setPresent(true)
                .setFrames(List.of())
                .build();
    }

    static AudioFeatures audio(ClipId clip) {
        return AudioFeatures.newBuilder()
                .setClip(clip)
                .setStartMs(0)
                .setDurationMs(4000)
                .setCapturedAt(Instant.ofEpochMilli(1))
                .setPresent(true)
                .setMelFrames(0)
                .setLogMel(ByteBuffer.allocate(0))
                .build();
    }

    @Override
    public void close() {
        driver.close();
        perception.close();
        state.close();
    }
}
