package io.migr.trainer.round;

import io.migr.runtime.kafka.KafkaClients;
import io.migr.schemas.ClipKey;
import io.migr.schemas.Topic;
import io.migr.schemas.TrainingExample;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.Deserializer;

/** Reads the topic from a broker. Only committed records are read, so a range has the same records every time. */
public final class KafkaExampleLog implements ExampleLog {
    private static final Duration STEP = Duration.ofMillis(500);
    private static final Duration LONGEST = Duration.ofSeconds(60);

    private final Supplier<Consumer<String, byte[]>> consumers;
    private final String topic;
    private final Deserializer<TrainingExample> values;

    public KafkaExampleLog(KafkaClients clients) {
        consumers = () -> clients.consumer(null);
        topic = clients.name(Topic.TRAINING_EXAMPLES);
        values = clients.serde(TrainingExample.class).deserializer();
    }

    @Override
    public List<ExampleRange> newest(int records) {
        try (Consumer<String, byte[]> consumer = consumers.get()) {
            List<TopicPartition> places = consumer.partitionsFor(topic).stream()
                    .map(info -> new TopicPartition(topic, info.partition()))
                    .sorted(Comparator.comparingInt(TopicPartition::partition))
                    .toList();
            Map<TopicPartition, Long> beginnings = consumer.beginningOffsets(places);
            Map<TopicPartition, Long> ends = consumer.endOffsets(places);
            long share = (records + places.size() - 1) / places.size();
            List<ExampleRange> ranges = new ArrayList<>();
            for (TopicPartition place : places) {
                long to = ends.get(place);
                long from = Math.max(beginnings.get(place), to - share);
                if (from < to) {
                    ranges.add(new ExampleRange(topic, place.partition(), from, to));
                }
            }
            return ranges;
        }
    }

    @Override
    public void read(List<ExampleRange> ranges, Reader reader) throws IOException {
        try (Consumer<String, byte[]> consumer = consumers.get()) {
            for (ExampleRange range : ranges) {
                read(consumer, range, reader);
            }
        }
    }

    private void read(Consumer<String, byte[]> consumer, ExampleRange range, Reader reader) throws IOException {
        TopicPartition place = new TopicPartition(range.topic(), range.partition());
        consumer.assign(List.of(place));
        long beginning = consumer.beginningOffsets(List.of(place)).get(place);
        long end = consumer.endOffsets(List.of(place)).get(place);
        if (beginning > range.from() || end < range.to()) {
            throw new ExamplesGoneException(range, beginning, end);
        }
        consumer.seek(place, range.from());
        long deadline = System.nanoTime() + LONGEST.toNanos();
        for (long at = range.from(); at < range.to(); at = consumer.position(place)) {
            for (ConsumerRecord<String, byte[]> record : consumer.poll(STEP)) {
                if (record.offset() < range.to()) {
                    read(record, reader);
                }
            }
            if (consumer.position(place) > at) {
                deadline = System.nanoTime() + LONGEST.toNanos();
            } else if (System.nanoTime() > deadline) {
                throw new TimeoutException(
                        "Offset " + at + " of " + place + " could not be read within " + LONGEST.toSeconds() + " s.");
            }
        }
    }

    private void read(ConsumerRecord<String, byte[]> record, Reader reader) throws IOException {
        ExampleLog.Place place = new ExampleLog.Place(record.partition(), record.offset());
        TrainingExample example;
        try {
            example = values.deserialize(record.topic(), record.value());
        } catch (RetriableException e) {
            throw e; // the registry is unavailable; the example is not at fault
        } catch (SerializationException e) {
            reader.unreadable(place, e.getMessage());
            return;
        }
        if (example == null) {
            reader.unreadable(place, "The record has no value.");
            return;
        }
        if (!ClipKey.usable(example.getClip())) {
            reader.unreadable(place, "The ids of clip " + ClipKey.written(example.getClip()) + " cannot be used.");
            return;
        }
        reader.example(place, record.timestamp(), example);
    }
}
