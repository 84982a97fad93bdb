package io.migr.integration;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.migr.cli.setup.Services;
import io.migr.runtime.config.Configuration;
import io.migr.runtime.kafka.KafkaClients;
import io.migr.runtime.service.Service;
import io.migr.schemas.Topic;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.common.KafkaException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Topics that are read together, partition by partition, and have different numbers of partitions. */
@Tag("slow")
@ExtendWith(SharedBroker.class)
class PartitionsTest {

    @ParameterizedTest
    @EnumSource(names = {"VISUAL_FEATURES", "AUDIO_FEATURES", "FEEDBACK", "INFERENCE_REQUESTS", "PREDICTIONS"})
    void unequalNumbersAreRefusedAtTheStart(Topic uneven, Broker broker) throws Exception {
        Configuration configuration = broker.configuration("uneven-" + uneven, Map.of());
        KafkaClients clients = Broker.clients(configuration);
        raise(clients, uneven);
        Service streams = Services.streams(configuration, clients, new SimpleMeterRegistry());
        try {
            String message = assertThrows(KafkaException.class, streams::start).getMessage();
            assertTrue(message.contains(clients.name(uneven) + "=3"), message);
            assertTrue(message.contains("=2"), message);
        } finally {
            streams.close();
        }
    }

    @Test
    void partitionsThatAreAddedWhileStreamsRunStopThemWithInstructions(Broker broker) throws Exception {
        Configuration configuration = broker.configuration("raised", Map.of());
        KafkaClients clients = Broker.clients(configuration);
        try (ServiceProcess streams = ServiceProcess.start("streams", configuration)) {
            streams.awaitReady();
            raise(clients, Topic.AUDIO_FEATURES);
            streams.await("docs/operating.md, Partitions");
        }
    }

    private static int partitions(Admin admin, String topic) throws Exception {
        return admin.describeTopics(List.of(topic))
                .allTopicNames()
                .get()
                .get(topic)
                .partitions()
                .size();
    }

    private static void raise(KafkaClients clients, Topic topic) throws Exception {
        try (Admin admin = clients.admin()) {
            admin.createPartitions(Map.of(clients.name(topic), NewPartitions.increaseTo(3)))
                    .all()
                    .get();
            // the controller answers before its broker knows
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
            while (partitions(admin, clients.name(topic)) < 3) {
                assertTrue(System.nanoTime() < deadline, "The broker does not know the new partition.");
                Thread.sleep(20);
            }
        }
    }
}
