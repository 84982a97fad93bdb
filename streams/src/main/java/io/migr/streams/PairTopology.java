package io.migr.streams;

import io.migr.schemas.BaselineClip;
import io.migr.schemas.InferenceRequest;
import io.migr.schemas.Topic;
import io.migr.streams.records.TopicNames;
import io.migr.streams.records.ValueSerdes;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.state.Stores;

/** The topology that joins visual and audio halves to inference requests and dead letters. */
final class PairTopology {
    static final String REQUEST_SINK = "inference-requests";
    static final String DEAD_LETTER_SINK = "pair-dead-letters";
    private static final String SOURCE = "halves";
    private static final String PAIR = "pair";

    private PairTopology() {}

    static void add(Topology topology, TopicNames names, ValueSerdes values, long waitMs) {
        ByteArraySerializer bytes = new ByteArraySerializer();
        topology.addSource(
                SOURCE,
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer(),
                names.topic(Topic.VISUAL_FEATURES),
                names.topic(Topic.AUDIO_FEATURES));
        topology.addProcessor(PAIR, () -> new PairProcessor(names, values, waitMs), SOURCE);
        // on disk: under features.carry=media a clip may take a megabyte, and thousands may wait
        topology.addStateStore(
                Stores.timestampedKeyValueStoreBuilder(
                        Stores.persistentTimestampedKeyValueStore(PairProcessor.PENDING),
                        Serdes.String(),
                        values.of(InferenceRequest.class)),
                PAIR);
        topology.addStateStore(
                Stores.keyValueStoreBuilder(
                        Stores.inMemoryKeyValueStore(PairProcessor.PAIRED),
                        Serdes.String(),
                        SentClip.serde(values.of(BaselineClip.class))),
                PAIR);
        topology.addSink(
                REQUEST_SINK,
                names.topic(Topic.INFERENCE_REQUESTS),
                bytes,
                values.of(InferenceRequest.class).serializer(),
                PAIR);
        topology.addSink(DEAD_LETTER_SINK, names.topic(Topic.DEAD_LETTERS), bytes, bytes, PAIR);
    }
}
