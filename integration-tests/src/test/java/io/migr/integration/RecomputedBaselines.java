package io.migr.integration;

import io.migr.runtime.kafka.KafkaClients;
import io.migr.schemas.BaselineClip;
import io.migr.schemas.ClipKey;
import io.migr.schemas.InferenceRequest;
import io.migr.schemas.ParticipantBaseline;
import io.migr.schemas.Topic;
import io.migr.streams.BaselineRing;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

/** Compares the baseline of each committed request with the one that the requests committed before it give. */
final class RecomputedBaselines {
    private final Map<String, TreeMap<Long, BaselineClip>> rings = new HashMap<>();
    private final List<String> differences = new ArrayList<>();
    private int present;

    private RecomputedBaselines() {}

    /** The clips whose baselines differ; fails if no request has one. Valid for requests of one hour, without refusals. */
    static List<String> differences(KafkaClients clients) {
        RecomputedBaselines all = new RecomputedBaselines();
        String topic = clients.name(Topic.INFERENCE_REQUESTS);
        var values = clients.serde(InferenceRequest.class).deserializer();
        try (KafkaConsumer<String, byte[]> consumer = clients.consumer(null)) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(partition -> new TopicPartition(topic, partition.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (partitions.stream().anyMatch(one -> consumer.position(one) < ends.get(one))) {
                consumer.poll(Duration.ofMillis(100))
                        .forEach(record -> all.check(values.deserialize(topic, record.value())));
            }
        }
        if (all.present == 0) {
            all.differences.add("no request has a baseline");
        }
        return all.differences;
    }

    private void check(InferenceRequest request) {
        long sequence = request.getClip().getSequence();
        TreeMap<Long, BaselineClip> ring = rings.computeIfAbsent(ClipKey.of(request.getClip()), key -> new TreeMap<>());
        ParticipantBaseline expected =
                BaselineRing.before(ring.headMap(sequence).values(), request, false);
        if (!Objects.equals(expected, request.getBaseline())) {
            differences.add(ClipKey.name(request.getClip()) + ": " + request.getBaseline() + ", not " + expected);
        }
        present += request.getBaseline() == null ? 0 : 1;
        BaselineRing.numbers(request).ifPresent(numbers -> ring.put(sequence, numbers));
    }
}
