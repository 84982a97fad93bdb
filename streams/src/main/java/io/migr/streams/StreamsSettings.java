package io.migr.streams;

import io.migr.runtime.config.Configuration;
import io.migr.runtime.config.Key;
import io.migr.runtime.kafka.KafkaClients;
import io.migr.schemas.Topic;
import io.migr.streams.records.ArrivalTime;
import io.migr.streams.records.DeadLetterUnlessTemporary;
import io.migr.streams.records.FailWithoutCopy;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.streams.StreamsConfig;

/**
 * Settings of Kafka Streams for exactly-once processing of large records.
 *
 * @param state the folder for what is stored on disk
 */
record StreamsSettings(Configuration configuration, KafkaClients clients, Path state) {

    /**
     * The settings of one application.
     *
     * @param name the application id without the topic prefix
     */
    Properties of(String name, String threads) {
        String largest = String.valueOf(Topic.MAX_MESSAGE_BYTES);
        Properties settings = new Properties();
        settings.putAll(configuration.kafka());
        settings.put(StreamsConfig.APPLICATION_ID_CONFIG, configuration.text(Key.TOPIC_PREFIX) + name);
        settings.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        settings.put(StreamsConfig.GROUP_PROTOCOL_CONFIG, configuration.text(Key.STREAMS_GROUP_PROTOCOL));
        settings.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, threads);
        settings.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, "100");
        settings.put(StreamsConfig.ENSURE_EXPLICIT_INTERNAL_RESOURCE_NAMING_CONFIG, "true");
        settings.put(StreamsConfig.REPLICATION_FACTOR_CONFIG, configuration.text(Key.TOPIC_REPLICATION));
        settings.put(StreamsConfig.STATE_DIR_CONFIG, state.toString());
        settings.put(StreamsConfig.ROCKSDB_CONFIG_SETTER_CLASS_CONFIG, WaitingMemory.class.getName());
        settings.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, "0");
        settings.put(StreamsConfig.DEFAULT_TIMESTAMP_EXTRACTOR_CLASS_CONFIG, ArrivalTime.class.getName());
        settings.put(
                StreamsConfig.DESERIALIZATION_EXCEPTION_HANDLER_CLASS_CONFIG,
                DeadLetterUnlessTemporary.class.getName());
        settings.put(StreamsConfig.PROCESSING_EXCEPTION_HANDLER_CLASS_CONFIG, FailWithoutCopy.class.getName());
        settings.put(StreamsConfig.PRODUCTION_EXCEPTION_HANDLER_CLASS_CONFIG, FailWithoutCopy.class.getName());
        settings.put(StreamsConfig.ERRORS_DEAD_LETTER_QUEUE_TOPIC_NAME_CONFIG, clients.name(Topic.DEAD_LETTERS));
        settings.put(StreamsConfig.topicPrefix("max.message.bytes"), largest);
        Map<String, Object> producer = clients.producerSettings();
        for (String setting : new String[] {"max.request.size", "buffer.memory"}) {
            settings.put(StreamsConfig.producerPrefix(setting), producer.get(setting));
        }
        settings.put(StreamsConfig.producerPrefix("linger.ms"), "0");
        settings.put(StreamsConfig.consumerPrefix("max.partition.fetch.bytes"), largest);
        settings.put(StreamsConfig.consumerPrefix("fetch.max.bytes"), "33554432");
        settings.put(StreamsConfig.consumerPrefix("max.poll.records"), "16");
        settings.put(StreamsConfig.consumerPrefix("auto.offset.reset"), "earliest");
        // a clip may take a megabyte: the default of a thousand records per partition would take a gigabyte
        settings.put(StreamsConfig.BUFFERED_RECORDS_PER_PARTITION_CONFIG, "20");
        if (configuration.text(Key.STREAMS_GROUP_PROTOCOL).equals("classic")) {
            settings.put(StreamsConfig.consumerPrefix("session.timeout.ms"), "6000");
            settings.put(StreamsConfig.consumerPrefix("heartbeat.interval.ms"), "1500");
        }
        return settings;
    }
}
