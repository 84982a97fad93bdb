package io.migr.runtime.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.migr.runtime.kafka.TopicSetup.Differences;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartitionInfo;
import org.junit.jupiter.api.Test;

class TopicSetupTest {
    private static final Map<String, String> SETTINGS = Map.of(
            "max.message.bytes",
            "100",
            "retention.ms",
            "86400000",
            "segment.ms",
            "3600000",
            "cleanup.policy",
            "delete");

    private static NewTopic wanted(int partitions) {
        return new NewTopic("migr.clips", partitions, (short) 1).configs(SETTINGS);
    }

    private static TopicDescription found(int partitions, int replicas) {
        List<Node> nodes = IntStream.range(0, replicas)
                .mapToObj(i -> new Node(i, "b", 9092))
                .toList();
        return new TopicDescription(
                "migr.clips",
                false,
                IntStream.range(0, partitions)
                        .mapToObj(i -> new TopicPartitionInfo(i, nodes.get(0), nodes, nodes))
                        .toList());
    }

    @Test
    void whatLosesRecordsIsToldFromTheOperatorsChoice() {
        assertEquals(
                new Differences(List.of(), List.of()), TopicSetup.differences(wanted(12), found(12, 1), SETTINGS, 1));
        assertEquals(
                new Differences(
                        List.of("cleanup.policy=compact (not delete)", "max.message.bytes=99 (not 100)"),
                        List.of("6 partitions (not 12)", "retention.ms=1 (not 86400000)")),
                TopicSetup.differences(
                        wanted(12),
                        found(6, 3),
                        Map.of("cleanup.policy", "compact", "max.message.bytes", "99", "retention.ms", "1"),
                        3));
        assertEquals(
                new Differences(List.of("2 partitions (not 1)", "one replica on 3 brokers (better 3)"), List.of()),
                TopicSetup.differences(wanted(1), found(2, 1), Map.of("max.message.bytes", "101"), 3));
    }
}
