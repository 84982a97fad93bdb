package io.migr.integration;

import io.migr.runtime.config.Configuration;
import io.migr.runtime.config.Key;
import io.migr.runtime.kafka.KafkaClients;
import java.util.HashMap;
import java.util.Map;

/**
 * The addresses of the broker that all tests share, and of its schema registry.
 *
 * @param bootstrapServers host:port
 * @param registryUrl http://host:port
 */
record Broker(String bootstrapServers, String registryUrl) {

    /** A configuration with its own topics, two partitions each. */
    Configuration configuration(String prefix, Map<Key, String> changes) {
        return configuration(prefix, Map.of(), changes);
    }

    /** The same with Kafka client settings, by their full name, including the prefix {@code kafka.}. */
    Configuration configuration(String prefix, Map<String, String> kafka, Map<Key, String> changes) {
        Map<Key, String> all = new HashMap<>(Map.of(
                Key.KAFKA_BOOTSTRAP_SERVERS,
                bootstrapServers,
                Key.SCHEMA_REGISTRY_URL,
                registryUrl,
                Key.TOPIC_PREFIX,
                prefix + ".",
                Key.TOPIC_PARTITIONS,
                "2",
                Key.WORKER_GROUP,
                prefix + "-worker",
                Key.STREAMS_FOLDER,
                "target/streams",
                Key.HTTP_PORT,
                "0"));
        all.putAll(changes);
        return Configuration.of(kafka).with(all);
    }

    /** Clients for a configuration; creates its topics. */
    static KafkaClients clients(Configuration configuration) {
        KafkaClients clients = new KafkaClients(configuration);
        clients.ensureTopics();
        return clients;
    }
}
