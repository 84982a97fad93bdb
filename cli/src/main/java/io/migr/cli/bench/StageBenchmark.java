package io.migr.cli.bench;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.migr.cli.setup.LocalPlatform;
import io.migr.cli.setup.Services;
import io.migr.runtime.config.Configuration;
import io.migr.runtime.config.Key;
import io.migr.runtime.kafka.KafkaClients;
import io.migr.runtime.service.Service;
import io.migr.schemas.Topic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;

/** Measures one stage alone: copies its input from the pipeline to topics with another prefix, and runs it there. */
final class StageBenchmark {
    private static final Duration TIMEOUT = Duration.ofMinutes(5);

    private final LocalPlatform platform;
    private final Configuration configuration;
    private final KafkaClients clients;

    /** Makes the service to measure. */
    interface Maker {
        Service make(Configuration configuration, KafkaClients clients, MeterRegistry metrics);
    }

    StageBenchmark(LocalPlatform platform, String prefix) {
        this.platform = platform;
        configuration =
                platform.configuration().with(Map.of(Key.TOPIC_PREFIX, prefix, Key.WORKER_GROUP, prefix + "worker"));
        clients = new KafkaClients(configuration);
        clients.ensureTopics();
    }

    /** The rate from the first committed result to the last, so that start and warm-up do not count. */
    Throughput rate(List<Topic> inputs, Topic output, Maker maker) throws InterruptedException {
        int records = 0;
        for (Topic input : inputs) {
            records = copy(input);
        }
        Service service = maker.make(configuration, clients, new SimpleMeterRegistry());
        try (KafkaConsumer<String, byte[]> results = assigned(clients, clients.name(output))) {
            Services.start(List.of(service), Duration.ofSeconds(60));
            int seen = 0;
            int first = 0;
            Throughput.Start start = null;
            long deadline = System.nanoTime() + TIMEOUT.toNanos();
            while (seen < records) {
                seen += results.poll(Duration.ofMillis(20)).count();
                if (seen > 0 && start == null) {
                    first = seen;
                    start = Throughput.start();
                }
                if (service.failure() != null) {
                    throw new IllegalStateException(
                            "The service " + service.name() + " stopped after " + seen + " of " + records + " results: "
                                    + service.failure().getMessage(),
                            service.failure());
                }
                if (System.nanoTime() > deadline) {
                    throw new IllegalStateException(
                            seen + " of " + records + " results arrived within " + TIMEOUT.toMinutes() + " minutes.");
                }
            }
            return start.end(seen - first);
        } finally {
            service.close();
        }
    }

    /** Copies all records of a topic to the topic with the other prefix; returns how many. */
    private int copy(Topic topic) throws InterruptedException {
        List<ConsumerRecord<String, byte[]>> found = new ArrayList<>();
        try (KafkaConsumer<String, byte[]> consumer =
                assigned(platform.clients(), platform.clients().name(topic))) {
            Map<TopicPartition, Long> ends = consumer.endOffsets(consumer.assignment());
            while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                consumer.poll(Duration.ofMillis(100)).forEach(found::add);
            }
        }
        try (KafkaProducer<String, byte[]> producer = clients.producer(null)) {
            List<Future<RecordMetadata>> sent = new ArrayList<>();
            found.forEach(record ->
                    sent.add(producer.send(new ProducerRecord<>(clients.name(topic), record.key(), record.value()))));
            for (Future<RecordMetadata> one : sent) {
                one.get();
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException(
                    "The broker rejected a record of " + clients.name(topic) + ": " + e.getCause(), e);
        }
        return found.size();
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
