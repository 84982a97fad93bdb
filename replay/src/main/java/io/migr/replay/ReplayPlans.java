package io.migr.replay;

import io.migr.runtime.kafka.KafkaClients;
import io.migr.schemas.ReplayPlan;
import io.migr.schemas.Topic;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * Stores the plan of each replay. The first plan of an id is final: processes that store a plan for the same id share a
 * transactional id, so each one fences the others and then checks whether a plan exists.
 */
public final class ReplayPlans {
    private static final Duration POLL = Duration.ofMillis(200);

    private final KafkaClients clients;
    private final String topic;

    public ReplayPlans(KafkaClients clients) {
        this.clients = clients;
        topic = clients.name(Topic.REPLAYS);
    }

    /** The plan of a replay; empty if there is no such replay. */
    public Optional<ReplayPlan> find(String id) {
        TopicPartition place = new TopicPartition(topic, 0);
        ReplayPlan found = null;
        try (Consumer<String, byte[]> consumer = clients.consumer(null)) {
            consumer.assign(List.of(place));
            consumer.seekToBeginning(List.of(place));
            long end = consumer.endOffsets(List.of(place)).get(place);
            while (consumer.position(place) < end) {
                for (ConsumerRecord<String, byte[]> record : consumer.poll(POLL)) {
                    if (id.equals(record.key())) {
                        found = clients.serde(ReplayPlan.class).deserializer().deserialize(topic, record.value());
                    }
                }
            }
        }
        return Optional.ofNullable(found);
    }

    /** Stores a plan unless its id has one already; returns the plan that is stored for the id. */
    public ReplayPlan storeIfAbsent(ReplayPlan plan) {
        try (Producer<String, byte[]> producer = clients.producer(topic + "-" + plan.getId())) {
            producer.initTransactions();
            Optional<ReplayPlan> found = find(plan.getId());
            if (found.isPresent()) {
                return found.get();
            }
            producer.beginTransaction();
            producer.send(new ProducerRecord<>(
                    topic,
                    plan.getId(),
                    clients.serde(ReplayPlan.class).serializer().serialize(topic, plan)));
            producer.commitTransaction();
            return plan;
        }
    }
}
