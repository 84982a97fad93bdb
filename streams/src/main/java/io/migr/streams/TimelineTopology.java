package io.migr.streams;

import io.migr.schemas.EmotionPrediction;
import io.migr.schemas.EmotionTimeline;
import io.migr.schemas.Topic;
import io.migr.streams.records.TopicNames;
import io.migr.streams.records.ValueSerdes;
import java.time.Duration;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.state.Stores;

/** The topology that adds up predictions to windows per participant by capture time. */
final class TimelineTopology {
    static final String STORE = "timeline-windows";
    static final String TIMELINE_SINK = "timeline";
    static final String DEAD_LETTER_SINK = "timeline-dead-letters";
    private static final String SOURCE = "predictions";
    private static final String ADD_UP = "timeline-add-up";

    private TimelineTopology() {}

    /** Adds it to a topology; it must be the first part, as it was when the groups that exist began. */
    static void add(Topology topology, TopicNames names, ValueSerdes values, Duration window) {
        ByteArraySerializer bytes = new ByteArraySerializer();
        String predictions = names.topic(Topic.PREDICTIONS);
        topology.addSource(SOURCE, new ByteArrayDeserializer(), new ByteArrayDeserializer(), predictions);
        topology.addProcessor(
                ADD_UP, () -> new TimelineProcessor(predictions, values.of(EmotionPrediction.class), window), SOURCE);
        topology.addStateStore(
                Stores.timestampedWindowStoreBuilder(
                        Stores.inMemoryWindowStore(STORE, window.multipliedBy(3), window, false),
                        Serdes.String(),
                        TimelineSums.serde()),
                ADD_UP);
        topology.addSink(
                TIMELINE_SINK,
                names.topic(Topic.TIMELINE),
                bytes,
                values.of(EmotionTimeline.class).serializer(),
                ADD_UP);
        topology.addSink(DEAD_LETTER_SINK, names.topic(Topic.DEAD_LETTERS), bytes, bytes, ADD_UP);
    }
}
