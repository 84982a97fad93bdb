package io.migr.streams;

import io.migr.runtime.config.Configuration;
import io.migr.schemas.AvroSerde;
import io.migr.schemas.ClipId;
import io.migr.schemas.ClipKey;
import io.migr.schemas.Dominance;
import io.migr.schemas.Emotion;
import io.migr.schemas.EmotionPrediction;
import io.migr.schemas.EmotionProbability;
import io.migr.schemas.InMemorySchemaRegistry;
import io.migr.schemas.InferenceRequest;
import io.migr.schemas.LabelFeedback;
import io.migr.schemas.ModalityImportance;
import io.migr.schemas.StageTimings;
import io.migr.schemas.Topic;
import io.migr.schemas.TrainingExample;
import io.migr.streams.records.ArrivalTime;
import io.migr.streams.records.ValueSerdes;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.state.ValueAndTimestamp;
import org.apache.kafka.streams.test.TestRecord;

/** Runs the topology that joins labels in a test driver, with topics that can be read again until they are deleted. */
final class ExamplesDriver implements AutoCloseable {
    static final Duration WAIT = Duration.ofSeconds(2);
    static final Duration MEMORY = Duration.ofHours(5);
    private static final long START_MS = 100_000;

    private final InMemorySchemaRegistry registry = new InMemorySchemaRegistry();
    private final Map<String, List<ConsumerRecord<byte[], byte[]>>> kept = new HashMap<>();
    private final Map<Topic, TestInputTopic<String, byte[]>> inputs = new HashMap<>();
    private final TopologyTestDriver driver;
    final TestOutputTopic<String, TrainingExample> examples;
    final TestOutputTopic<String, byte[]> dead;

    ExamplesDriver() {
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
        Configuration configuration = Configuration.of(Map.of(
                "streams.label.wait.ms", String.valueOf(WAIT.toMillis()),
                "streams.label.memory.hours", String.valueOf(MEMORY.toHours())));
        driver = new TopologyTestDriver(
                StreamsService.examples(configuration, values, (topic, partition, offset) -> kept.get(topic)
                        .get((int) offset)),
                properties,
                Instant.ofEpochMilli(START_MS));
        examples = driver.createOutputTopic(
                Topic.TRAINING_EXAMPLES.name("migr."),
                new StringDeserializer(),
                AvroSerde.of(TrainingExample.class, registry).deserializer());
        dead = driver.createOutputTopic("migr.dead-letters", new StringDeserializer(), new ByteArrayDeserializer());
    }

    /** Sends a record with the given bytes. */
    void send(Topic topic, String key, byte[] value, Headers headers) {
        List<ConsumerRecord<byte[], byte[]>> log = kept.computeIfAbsent(topic.name("migr."), name -> new ArrayList<>());
        log.add(new ConsumerRecord<>(
                topic.name("migr."),
                0,
                log.size(),
                5,
                TimestampType.CREATE_TIME,
                0,
                0,
                key == null ? null : key.getBytes(StandardCharsets.UTF_8),
                value,
                headers,
                java.util.Optional.empty()));
        inputs.computeIfAbsent(
                        topic,
                        one -> driver.createInputTopic(
                                one.name("migr."), new StringSerializer(), new ByteArraySerializer()))
                .pipeInput(new TestRecord<>(key, value, headers, 5L));
    }

    <T extends SpecificRecord> byte[] bytes(Topic topic, Class<T> type, T value) {
        return AvroSerde.of(type, registry).serializer().serialize(topic.name("migr."), value);
    }

    /** A label written with a schema that has one additional emotion, as a newer or foreign program might. */
    byte[] labelWith(String emotion, ClipId clip) {
        String more = LabelFeedback.getClassSchema()
                .toString()
                .replace("\"DISAPPOINTMENT\"", "\"DISAPPOINTMENT\",\"" + emotion + "\"");
        Schema schema = new Schema.Parser().parse(more);
        GenericData.Record record = new GenericData.Record(schema);
        GenericData.Record id = new GenericData.Record(schema.getField("clip").schema());
        id.put("callId", clip.getCallId());
        id.put("participantId", clip.getParticipantId());
        id.put("sequence", clip.getSequence());
        record.put("clip", id);
        record.put(
                "emotion", new GenericData.EnumSymbol(schema.getField("emotion").schema(), emotion));
        record.put("annotator", "a");
        record.put("labelledAt", 1L);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(0);
        out.writeBytes(ByteBuffer.allocate(Integer.BYTES)
                .putInt(registry.register("foreign", schema))
                .array());
        try {
            BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(out, null);
            new GenericDatumWriter<GenericData.Record>(schema).write(record, encoder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    private <T extends SpecificRecord> void send(Topic topic, Class<T> type, ClipId clip, T value) {
        send(topic, ClipKey.of(clip), bytes(topic, type, value), new RecordHeaders());
    }

    void send(InferenceRequest request) {
        send(Topic.INFERENCE_REQUESTS, InferenceRequest.class, request.getClip(), request);
    }

    void send(EmotionPrediction prediction) {
        send(Topic.PREDICTIONS, EmotionPrediction.class, prediction.getClip(), prediction);
    }

    void send(LabelFeedback label) {
        send(Topic.FEEDBACK, LabelFeedback.class, label.getClip(), label);
    }

    void send(LabelFeedback label, String key) {
        send(Topic.FEEDBACK, key, bytes(Topic.FEEDBACK, LabelFeedback.class, label), new RecordHeaders());
    }

    /** Deletes all records of a topic, as retention does. */
    void delete(Topic topic) {
        kept.get(topic.name("migr.")).replaceAll(record -> null);
    }

    void pause(Duration time) {
        driver.advanceWallClockTime(time);
    }

    /** Restores a waiting label that an earlier run stored, as from the changelog. */
    void restore(LabelFeedback label) {
        List<ConsumerRecord<byte[], byte[]>> log =
                kept.computeIfAbsent(Topic.FEEDBACK.name("migr."), name -> new ArrayList<>());
        log.add(new ConsumerRecord<>(
                Topic.FEEDBACK.name("migr."),
                0,
                log.size(),
                ClipKey.of(label.getClip()).getBytes(StandardCharsets.UTF_8),
                bytes(Topic.FEEDBACK, LabelFeedback.class, label)));
        driver.<String, Long>getTimestampedKeyValueStore(ExampleProcessor.WAITING)
                .put(
                        PairProcessor.slot(
                                        ClipKey.of(label.getClip()),
                                        label.getClip().getSequence()) + "/" + label.getAnnotator(),
                        ValueAndTimestamp.make((long) log.size() - 1, 0));
    }

    /** The number of entries in all stores. */
    int remembered() {
        int entries = 0;
        for (String store : ExampleProcessor.STORES) {
            try (var all =
                    driver.<String, Long>getTimestampedKeyValueStore(store).all()) {
                for (; all.hasNext(); all.next()) {
                    entries++;
                }
            }
        }
        return entries;
    }

    static InferenceRequest request(ClipId clip) {
        return InferenceRequest.newBuilder()
                .setClip(clip)
                .setStartMs(0)
                .setDurationMs(4000)
                .setCapturedAt(Instant.ofEpochMilli(1))
                .setVisual(StreamsDriver.visual(clip))
                .setAudio(StreamsDriver.audio(clip))
                .build();
    }

    static EmotionPrediction prediction(ClipId clip, Emotion emotion) {
        return EmotionPrediction.newBuilder()
                .setClip(clip)
                .setStartMs(0)
                .setDurationMs(4000)
                .setCapturedAt(Instant.ofEpochMilli(1))
                .setEmotion(emotion)
                .setProbabilities(List.of(new EmotionProbability(emotion, 1f)))
                .setImportance(new ModalityImportance(
                        -2f, -1f, -1f, -0.5f, 0.5f, Dominance.BALANCED, "evidence-heads", true, null))
                .setActionUnits(List.of())
                .setExplanationEmotion(emotion)
                .setConsistent(true)
                .setModelVersion("test-1")
                .setTimings(new StageTimings(0f, 0f, 0f, 0f, 0f, 1))
                .build();
    }

    static LabelFeedback label(ClipId clip, String annotator, Emotion emotion, long atMs) {
        return new LabelFeedback(clip, emotion, annotator, Instant.ofEpochMilli(atMs));
    }

    @Override
    public void close() {
        driver.close();
    }
}
