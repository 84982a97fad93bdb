package io.migr.embedded;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The broker settings that migr relies on, however the broker is run: session timeouts of seconds instead of 45 s,
 * records of up to 16 MiB, no automatic topic creation.
 */
public final class BrokerSettings {
    private BrokerSettings() {}

    /** The settings of a single broker, by Kafka's names. */
    public static Map<String, String> single() {
        Map<String, String> settings = new LinkedHashMap<>();
        for (String topic : new String[] {"offsets.topic", "transaction.state.log", "share.coordinator.state.topic"}) {
            settings.put(topic + ".replication.factor", "1");
            settings.put(topic + ".num.partitions", "4");
        }
        settings.put("transaction.state.log.min.isr", "1");
        settings.put("share.coordinator.state.topic.min.isr", "1");
        settings.put("group.initial.rebalance.delay.ms", "0");
        settings.put("group.streams.initial.rebalance.delay.ms", "0");
        settings.put("group.streams.min.heartbeat.interval.ms", "500");
        settings.put("group.streams.heartbeat.interval.ms", "500");
        settings.put("group.streams.min.session.timeout.ms", "3000");
        settings.put("group.streams.session.timeout.ms", "6000");
        settings.put("transaction.abort.timed.out.transaction.cleanup.interval.ms", "1000");
        settings.put("log.cleaner.dedupe.buffer.size", "8388608");
        settings.put("auto.create.topics.enable", "false");
        settings.put("message.max.bytes", "16777216");
        settings.put("replica.fetch.max.bytes", "16777216");
        return settings;
    }
}
