package io.migr.streams;

import io.migr.schemas.Topic;
import io.migr.schemas.TrainingExample;
import io.migr.streams.records.RecordLog;
import io.migr.streams.records.TopicNames;
import io.migr.streams.records.ValueSerdes;
import java.time.Duration;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.state.Stores;

/** The topology that joins requests, predictions and labels to training examples and dead letters. */
final class ExampleTopology {
    static final String EXAMPLE_SINK = "training-examples";
    static final String DEAD_LETTER_SINK = "label-dead-letters";
    private static final String SOURCE = "labelled";
    private static final String JOIN = "join-labels";

    private ExampleTopology() {}

    static Topology of(TopicNames names, ValueSerdes values, RecordLog log, Duration wait, Duration memory) {
        ByteArraySerializer bytes = new ByteArraySerializer();
        Topology topology = new Topology();
        topology.addSource(
                SOURCE,
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer(),
                names.topic(Topic.INFERENCE_REQUESTS),
                names.topic(Topic.PREDICTIONS),
                names.topic(Topic.FEEDBACK));
        topology.addProcessor(JOIN, () -> new ExampleProcessor(names, values, log, wait, memory), SOURCE);
        for (String store : ExampleProcessor.STORES) {
            topology.addStateStore(
                    Stores.timestampedKeyValueStoreBuilder(
                            Stores.inMemoryKeyValueStore(store), Serdes.String(), Serdes.Long()),
                    JOIN);
        }
        topology.addSink(
                EXAMPLE_SINK,
                names.topic(Topic.TRAINING_EXAMPLES),
                bytes,
                values.of(TrainingExample.class).serializer(),
                JOIN);
        topology.addSink(DEAD_LETTER_SINK, names.topic(Topic.DEAD_LETTERS), bytes, bytes, JOIN);
        return topology;
    }
}
