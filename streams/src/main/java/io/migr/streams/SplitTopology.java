package io.migr.streams;

import io.micrometer.core.instrument.MeterRegistry;
import io.migr.features.FeatureExtractor;
import io.migr.perception.ClipPerception;
import io.migr.schemas.AudioFeatures;
import io.migr.schemas.ClipSegment;
import io.migr.schemas.Topic;
import io.migr.schemas.VisualFeatures;
import io.migr.streams.records.TopicNames;
import io.migr.streams.records.ValueSerdes;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.state.Stores;

/** The topology that splits clips into visual halves, audio halves and dead letters. */
final class SplitTopology {
    static final String VISUAL_SINK = "visual-features";
    static final String AUDIO_SINK = "audio-features";
    static final String DEAD_LETTER_SINK = "split-dead-letters";
    private static final String SOURCE = "clips";
    private static final String SPLIT = "split";

    private SplitTopology() {}

    static void add(
            Topology topology,
            TopicNames names,
            ValueSerdes values,
            FeatureExtractor extractor,
            ClipPerception perception,
            ClaimCheck claimChecks,
            boolean carriesMedia,
            MeterRegistry metrics) {
        ByteArraySerializer bytes = new ByteArraySerializer();
        topology.addSource(SOURCE, new ByteArrayDeserializer(), new ByteArrayDeserializer(), names.topic(Topic.CLIPS));
        topology.addProcessor(
                SPLIT,
                () -> new SplitProcessor(
                        new ClipReader(names.topic(Topic.CLIPS), values.of(ClipSegment.class), extractor, claimChecks),
                        perception,
                        carriesMedia,
                        names,
                        values,
                        metrics),
                SOURCE);
        topology.addStateStore(
                Stores.keyValueStoreBuilder(
                        Stores.inMemoryKeyValueStore(SplitProcessor.SEEN), Serdes.String(), Serdes.Long()),
                SPLIT);
        topology.addSink(
                VISUAL_SINK,
                names.topic(Topic.VISUAL_FEATURES),
                bytes,
                values.of(VisualFeatures.class).serializer(),
                SPLIT);
        topology.addSink(
                AUDIO_SINK,
                names.topic(Topic.AUDIO_FEATURES),
                bytes,
                values.of(AudioFeatures.class).serializer(),
                SPLIT);
        topology.addSink(DEAD_LETTER_SINK, names.topic(Topic.DEAD_LETTERS), bytes, bytes, SPLIT);
    }
}
