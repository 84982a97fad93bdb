package io.migr.runtime.kafka;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.DescribeClusterOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Creates topics that are missing, and compares those that exist with what would be created. The right to create topics
 * is not needed when all of them exist.
 *
 * @param address of the broker, for messages
 * @param wanted the topics as they would be created
 */
record TopicSetup(Admin admin, String address, List<NewTopic> wanted) {
    private static final Logger LOG = LoggerFactory.getLogger(TopicSetup.class);
    /** From so many brokers on, one that fails is expected to lose nothing. */
    private static final int CLUSTER = 3;

    /** Settings without which records are lost or refused; the others are the operator's choice. */
    private static final List<String> NEEDED = List.of("cleanup.policy", "max.message.bytes");

    /** Throws an exception if the broker does not answer in time. */
    static void reach(Supplier<Admin> admins, String address, Duration longest) {
        try (Admin admin = admins.get()) {
            DescribeClusterOptions options =
                    new DescribeClusterOptions().timeoutMs(Math.toIntExact(longest.toMillis()));
            await(
                    "The broker at " + address + " does not answer",
                    admin.describeCluster(options).nodes());
        }
    }

    /** Creates the topics that do not exist. */
    void createMissing() {
        Map<String, TopicDescription> existing = existing();
        List<NewTopic> missing = wanted.stream()
                .filter(topic -> !existing.containsKey(topic.name()))
                .toList();
        if (missing.isEmpty()) {
            return;
        }
        int brokers = await(
                        "The brokers at " + address + " cannot be listed",
                        admin.describeCluster().nodes())
                .size();
        if (brokers >= CLUSTER && missing.stream().allMatch(topic -> topic.replicationFactor() == 1)) {
            LOG.warn(
                    "The cluster has {} brokers, but topics are created with one replica: when its broker is away they cannot"
                            + " be used, and what is lost with it is lost. Set topic.replication=3.",
                    brokers);
        }
        admin.createTopics(missing).values().forEach((name, made) -> {
            try {
                await("The topic " + name + " cannot be created at " + address, made);
            } catch (TopicExistsException e) {
                // another process was faster
            } catch (AuthorizationException e) {
                throw new KafkaException(
                        e.getMessage() + " Create these topics, or give this user the right to: " + missing, e);
            }
        });
    }

    private Map<String, TopicDescription> existing() {
        Map<String, TopicDescription> existing = new HashMap<>();
        List<String> names = wanted.stream().map(NewTopic::name).toList();
        admin.describeTopics(names).topicNameValues().forEach((name, described) -> {
            try {
                existing.put(name, await("The topic " + name + " cannot be described at " + address, described));
            } catch (UnknownTopicOrPartitionException e) {
                // it is missing
            }
        });
        return existing;
    }

    /** Logs the differences: as warnings those without which records are lost or refused. */
    void compare() {
        Map<String, TopicDescription> existing = existing();
        int brokers = await(
                        "The brokers at " + address + " cannot be listed",
                        admin.describeCluster().nodes())
                .size();
        for (NewTopic topic : wanted) {
            if (existing.containsKey(topic.name())) {
                Map<String, String> settings =
                        settings(topic.name(), topic.configs().keySet());
                Differences found = differences(topic, existing.get(topic.name()), settings, brokers);
                if (!found.harmful().isEmpty()) {
                    LOG.warn("The topic {} has {}.", topic.name(), String.join(", ", found.harmful()));
                }
                if (!found.harmless().isEmpty()) {
                    LOG.info("The topic {} has {}.", topic.name(), String.join(", ", found.harmless()));
                }
            }
        }
    }

    /** Differences in words, e.g. {@code retention.ms=1000 (not 2000)}. */
    record Differences(List<String> harmful, List<String> harmless) {}

    static Differences differences(NewTopic wanted, TopicDescription found, Map<String, String> settings, int brokers) {
        Differences differences = new Differences(new ArrayList<>(), new ArrayList<>());
        int partitions = found.partitions().size();
        if (partitions != wanted.numPartitions()) {
            // a topic with one partition has it because one reader must see all records in order
            (wanted.numPartitions() == 1 ? differences.harmful() : differences.harmless())
                    .add(partitions + " partitions (not " + wanted.numPartitions() + ")");
        }
        int replicas = found.partitions().stream()
                .mapToInt(one -> one.replicas().size())
                .min()
                .orElse(0);
        if (brokers >= CLUSTER && replicas == 1) {
            differences.harmful().add("one replica on " + brokers + " brokers (better 3)");
        }
        new TreeMap<>(wanted.configs()).forEach((name, value) -> {
            String other = settings.get(name);
            boolean enough =
                    name.equals("max.message.bytes") && other != null && Long.parseLong(other) >= Long.parseLong(value);
            if (other != null && !other.equals(value) && !enough) {
                (NEEDED.contains(name) ? differences.harmful() : differences.harmless())
                        .add(name + "=" + other + " (not " + value + ")");
            }
        });
        return differences;
    }

    private Map<String, String> settings(String topic, Collection<String> names) {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        Map<String, String> settings = new HashMap<>();
        try {
            Config config = await(
                    "The settings of " + topic + " cannot be read at " + address,
                    admin.describeConfigs(List.of(resource)).values().get(resource));
            names.forEach(name -> settings.put(name, value(config, name)));
        } catch (AuthorizationException e) {
            LOG.debug("{}", e.getMessage());
        }
        settings.values().removeIf(Objects::isNull);
        return settings;
    }

    private static String value(Config config, String name) {
        ConfigEntry entry = config.get(name);
        return entry == null ? null : entry.value();
    }

    /** The result; its Kafka exceptions keep their class where a caller tells them apart. */
    private static <T> T await(String failure, KafkaFuture<T> result) {
        try {
            return result.get();
        } catch (ExecutionException e) {
            Throwable cause = e.getCause();
            if (cause instanceof TopicExistsException exists) {
                throw exists;
            }
            if (cause instanceof UnknownTopicOrPartitionException unknown) {
                throw unknown;
            }
            if (cause instanceof AuthorizationException refused) {
                throw new AuthorizationException(failure + ": " + refused.getMessage(), refused);
            }
            throw new KafkaException(failure + ": " + cause.getMessage(), cause);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KafkaException("Interrupted while asking the broker.", e);
        }
    }
}
