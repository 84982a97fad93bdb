package io.migr.cli.watch;

import io.migr.runtime.kafka.DeadLetters;
import io.migr.runtime.kafka.KafkaClients;
import io.migr.schemas.ClipKey;
import io.migr.schemas.EmotionExplanation;
import io.migr.schemas.EmotionPrediction;
import io.migr.schemas.Topic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.Deserializer;

/** Reads committed results and pairs each prediction with its explanation. */
public final class ResultReader implements AutoCloseable {

    /** Either a prediction with its explanation, or a dead letter's key and reason; the other two are null. */
    public record Result(
            EmotionPrediction prediction, EmotionExplanation explanation, String deadKey, String deadReason) {}

    private final String predictions;
    private final String explanations;
    private final Deserializer<EmotionPrediction> predictionValues;
    private final Deserializer<EmotionExplanation> explanationValues;
    private final KafkaConsumer<String, byte[]> consumer;
    private final Map<String, EmotionPrediction> lonePredictions = new HashMap<>();
    private final Map<String, EmotionExplanation> loneExplanations = new HashMap<>();

    /**
     * Reads all partitions of the result topics.
     *
     * @param fromBeginning whether to read existing results too, not only new ones
     */
    public ResultReader(KafkaClients clients, boolean fromBeginning) {
        predictions = clients.name(Topic.PREDICTIONS);
        explanations = clients.name(Topic.EXPLANATIONS);
        predictionValues = clients.serde(EmotionPrediction.class).deserializer();
        explanationValues = clients.serde(EmotionExplanation.class).deserializer();
        consumer = clients.consumer(null);
        List<TopicPartition> partitions = new ArrayList<>();
        for (String topic : List.of(predictions, explanations, clients.name(Topic.DEAD_LETTERS))) {
            for (PartitionInfo partition : consumer.partitionsFor(topic)) {
                partitions.add(new TopicPartition(topic, partition.partition()));
            }
        }
        consumer.assign(partitions);
        if (fromBeginning) {
            consumer.seekToBeginning(partitions);
        } else {
            consumer.seekToEnd(partitions);
        }
        partitions.forEach(consumer::position); // positions are otherwise fixed only at the first poll
    }

    /** Waits up to {@code longest} for records; returns the results completed by them. */
    public List<Result> poll(Duration longest) {
        List<Result> results = new ArrayList<>();
        for (ConsumerRecord<String, byte[]> record : consumer.poll(longest)) {
            if (record.topic().equals(predictions)) {
                EmotionPrediction prediction = predictionValues.deserialize(predictions, record.value());
                String name = ClipKey.name(prediction.getClip());
                EmotionExplanation explanation = loneExplanations.remove(name);
                if (explanation == null) {
                    lonePredictions.put(name, prediction);
                } else {
                    results.add(new Result(prediction, explanation, null, null));
                }
            } else if (record.topic().equals(explanations)) {
                EmotionExplanation explanation = explanationValues.deserialize(explanations, record.value());
                String name = ClipKey.name(explanation.getClip());
                EmotionPrediction prediction = lonePredictions.remove(name);
                if (prediction == null) {
                    loneExplanations.put(name, explanation);
                } else {
                    results.add(new Result(prediction, explanation, null, null));
                }
            } else {
                results.add(new Result(null, null, record.key(), DeadLetters.reason(record.headers())));
            }
        }
        return results;
    }

    @Override
    public void close() {
        consumer.close();
    }
}
