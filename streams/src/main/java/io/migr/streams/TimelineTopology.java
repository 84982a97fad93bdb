package io.migr.streams;

import io.migr.schemas.ClipId;
import io.migr.schemas.Dominance;
import io.migr.schemas.Emotion;
import io.migr.schemas.EmotionPrediction;
import io.migr.schemas.EmotionProbability;
import io.migr.schemas.EmotionTimeline;
import io.migr.schemas.Topic;
import io.migr.streams.records.TopicNames;
import io.migr.streams.records.ValueSerdes;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Grouped;
import org.apache.kafka.streams.kstream.Materialized;
import org.apache.kafka.streams.kstream.Named;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.kstream.TimeWindows;
import org.apache.kafka.streams.kstream.Windowed;
import org.apache.kafka.streams.state.Stores;

/** Aggregates predictions to windows per participant by capture time; each new clip sends its window again. */
final class TimelineTopology {
    static final String STORE = "timeline-windows";
    private static final int EMOTIONS = Emotion.values().length;
    /** The dominances before NEITHER, which was added when windows were stored already. */
    private static final int DOMINANCES = Dominance.NEITHER.ordinal();

    private static final int ABSTAINED = 2 + DOMINANCES + EMOTIONS;

    /**
     * Number of sums per window: clips, visual shares, counts per dominance, probabilities per emotion, abstained clips,
     * and the count of NEITHER. New sums come last, because a store can hold windows of before.
     */
    private static final int SUMS = ABSTAINED + 2;

    private TimelineTopology() {}

    static void add(StreamsBuilder builder, TopicNames names, ValueSerdes values, Duration window) {
        Consumed<String, EmotionPrediction> predictions = Consumed.with(
                        Serdes.String(), values.of(EmotionPrediction.class))
                .withTimestampExtractor((record, before) ->
                        ((EmotionPrediction) record.value()).getCapturedAt().toEpochMilli())
                .withName("predictions");
        builder.stream(names.topic(Topic.PREDICTIONS), predictions)
                .groupByKey(Grouped.as("by-participant"))
                .windowedBy(TimeWindows.ofSizeAndGrace(window, window.multipliedBy(2)))
                .aggregate(
                        () -> new double[SUMS],
                        (participant, prediction, sums) -> accumulate(prediction, sums),
                        Named.as("timeline"),
                        Materialized.<String, double[]>as(
                                        Stores.inMemoryWindowStore(STORE, window.multipliedBy(3), window, false))
                                .withKeySerde(Serdes.String())
                                .withValueSerde(sums())
                                .withCachingDisabled())
                .toStream(Named.as("windows"))
                .map(TimelineTopology::timeline, Named.as("timelines"))
                .to(
                        names.topic(Topic.TIMELINE),
                        Produced.with(Serdes.String(), values.of(EmotionTimeline.class))
                                .withName("timeline-sink"));
    }

    private static double[] accumulate(EmotionPrediction prediction, double[] before) {
        double[] sums = before.clone();
        if (prediction.getAbstained()) {
            sums[ABSTAINED]++;
            return sums;
        }
        sums[0]++;
        sums[1] += prediction.getImportance().getVisualShare();
        sums[count(prediction.getImportance().getDominant())]++;
        for (EmotionProbability one : prediction.getProbabilities()) {
            sums[2 + DOMINANCES + one.getEmotion().ordinal()] += one.getProbability();
        }
        return sums;
    }

    /** Where a window's clips with this dominance are counted. */
    private static int count(Dominance dominance) {
        return dominance == Dominance.NEITHER ? SUMS - 1 : 2 + dominance.ordinal();
    }

    static KeyValue<String, EmotionTimeline> timeline(Windowed<String> window, double[] sums) {
        // the key is callId/participantId; the sequence 0 only makes it parsable
        ClipId participant = io.migr.schemas.ClipKey.parse(window.key() + "/0");
        List<EmotionProbability> shares = new ArrayList<>();
        for (Emotion emotion : Emotion.values()) {
            double sum = sums[2 + DOMINANCES + emotion.ordinal()];
            if (sum > 0) {
                shares.add(new EmotionProbability(emotion, (float) (sum / sums[0])));
            }
        }
        double clips = Math.max(1, sums[0]);
        Dominance dominant = Dominance.UNKNOWN;
        for (Dominance one : Dominance.values()) {
            dominant = sums[count(one)] > sums[count(dominant)] ? one : dominant;
        }
        return KeyValue.pair(
                window.key(),
                new EmotionTimeline(
                        participant.getCallId(),
                        participant.getParticipantId(),
                        Instant.ofEpochMilli(window.window().start()),
                        Instant.ofEpochMilli(window.window().end()),
                        (int) sums[0],
                        shares,
                        dominant,
                        (float) (sums[1] / clips),
                        (int) sums[ABSTAINED]));
    }

    static Serde<double[]> sums() {
        Serializer<double[]> writer = (topic, sums) -> {
            ByteBuffer bytes = ByteBuffer.allocate(sums.length * Double.BYTES);
            bytes.asDoubleBuffer().put(sums);
            return bytes.array();
        };
        Deserializer<double[]> reader = (topic, bytes) -> {
            double[] sums = new double[SUMS];
            // sums stored before clips could abstain, or tell nothing, have no count of them
            ByteBuffer.wrap(bytes).asDoubleBuffer().get(sums, 0, Math.min(SUMS, bytes.length / Double.BYTES));
            return sums;
        };
        return Serdes.serdeFrom(writer, reader);
    }
}
