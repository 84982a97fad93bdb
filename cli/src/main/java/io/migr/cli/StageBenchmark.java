package io.migr.cli;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.migr.runtime.Configuration;
import io.migr.runtime.KafkaClients;
import io.migr.runtime.Key;
import io.migr.runtime.Service;
import io.migr.schemas.Topic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;

/** One stage alone on the real broker: what went into it in the pipeline goes into it again, under other topics. */
final class StageBenchmark {
    private static final Duration LONGEST = Duration.ofMinutes(5);
    private static final int TRIES = 3;
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Platform platform;
    private final Configuration configuration;
    private final KafkaClients clients;

    /** Makes a service. */
    interface Maker {
        Service make(Configuration configuration, KafkaClients clients, MeterRegistry metrics);
    }

    StageBenchmark(Platform platform, String prefix) {
        this.platform = platform;
        configuration =
                platform.configuration().with(Map.of(Key.TOPIC_PREFIX, prefix, Key.WORKER_GROUP, prefix + "worker"));
        clients = new KafkaClients(configuration);
        clients.ensureTopics();
    }

    /** From the first committed result to the last, so that start and warm-up do not count. */
    Rate rate(List<Topic> inputs, Topic output, Maker maker) throws InterruptedException {
        int records = 0;
        for (Topic input : inputs) {
            records = copy(input);
        }
        Service service = maker.make(configuration, clients, new SimpleMeterRegistry());
        try (KafkaConsumer<String, byte[]> results = assigned(clients, clients.name(output))) {
            Services.start(List.of(service), Duration.ofSeconds(60));
            int seen = 0;
            int first = 0;
            Rate.Start start = null;
            long deadline = System.nanoTime() + LONGEST.toNanos();
            while (seen < records) {
                seen += results.poll(Duration.ofMillis(20)).count();
                if (seen > 0 && start == null) {
                    first = seen;
                    start = Rate.start();
                }
                if (service.failure() != null) {
                    throw new IllegalStateException(
                            "The service " + service.name() + " stopped after " + seen + " of " + records + " results: "
                                    + service.failure().getMessage(),
                            service.failure());
                }
                if (System.nanoTime() > deadline) {
                    throw new IllegalStateException(
                            seen + " of " + records + " results came within " + LONGEST.toMinutes() + " minutes.");
                }
            }
            return start.end(seen - first);
        } finally {
            service.close();
        }
    }

    private int copy(Topic topic) throws InterruptedException {
        List<ConsumerRecord<String, byte[]>> found = new ArrayList<>();
        try (KafkaConsumer<String, byte[]> consumer =
                assigned(platform.clients(), platform.clients().name(topic))) {
            Map<TopicPartition, Long> ends = consumer.endOffsets(consumer.assignment());
            while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                consumer.poll(Duration.ofMillis(100)).forEach(found::add);
            }
        }
        List<ConsumerRecord<String, byte[]>> left = found;
        for (int tries = 0; tries < TRIES && !left.isEmpty(); tries++) {
            left = notTaken(left, clients.name(topic));
        }
        if (!left.isEmpty()) {
            throw new IllegalStateException("The broker did not take " + left.size() + " of " + found.size()
                    + " records of " + clients.name(topic) + " within " + TRIES * PATIENCE.toSeconds() + " s.");
        }
        return found.size();
    }

    /** Sends records; those that a producer does not get rid of, as happens now and then on topics just made, are left. */
    private List<ConsumerRecord<String, byte[]>> notTaken(List<ConsumerRecord<String, byte[]>> records, String topic)
            throws InterruptedException {
        KafkaProducer<String, byte[]> producer = clients.producer(null);
        try {
            List<Future<RecordMetadata>> sent = new ArrayList<>();
            records.forEach(
                    record -> sent.add(producer.send(new ProducerRecord<>(topic, record.key(), record.value()))));
            List<ConsumerRecord<String, byte[]>> left = new ArrayList<>();
            long deadline = System.nanoTime() + PATIENCE.toNanos();
            for (int i = 0; i < sent.size(); i++) {
                try {
                    sent.get(i).get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
                } catch (TimeoutException e) {
                    left.add(records.get(i));
                }
            }
            return left;
        } catch (ExecutionException e) {
            throw new IllegalStateException("The broker did not take a record of " + topic + ": " + e.getCause(), e);
        } finally {
            producer.close(Duration.ZERO);
        }
    }

    private static KafkaConsumer<String, byte[]> assigned(KafkaClients clients, String topic) {
        KafkaConsumer<String, byte[]> consumer = clients.consumer(null);
        List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                .map(partition -> new TopicPartition(topic, partition.partition()))
                .toList();
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
        return consumer;
    }
}
