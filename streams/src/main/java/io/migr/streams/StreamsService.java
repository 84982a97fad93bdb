package io.migr.streams;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.kafka.KafkaStreamsMetrics;
import io.migr.features.FeatureExtractor;
import io.migr.runtime.Configuration;
import io.migr.runtime.KafkaClients;
import io.migr.runtime.Key;
import io.migr.runtime.Service;
import io.migr.schemas.Topic;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.errors.LogAndContinueExceptionHandler;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Split, pair and timeline in one Kafka Streams application, exactly once. */
public final class StreamsService implements Service {
    private static final Logger LOG = LoggerFactory.getLogger(StreamsService.class);
    private static final Duration STOP = Duration.ofSeconds(15);

    private final Configuration configuration;
    private final KafkaClients clients;
    private final FeatureExtractor extractor;
    private final MeterRegistry metrics;
    private KafkaStreams streams;
    private KafkaStreamsMetrics streamsMetrics;
    private volatile Throwable failure;

    public StreamsService(
            Configuration configuration, KafkaClients clients, FeatureExtractor extractor, MeterRegistry metrics) {
        this.configuration = configuration;
        this.clients = clients;
        this.extractor = extractor;
        this.metrics = metrics;
    }

    @Override
    public String name() {
        return "streams";
    }

    @Override
    public void start() {
        streams = new KafkaStreams(topology(configuration, values(), extractor), settings());
        streams.setUncaughtExceptionHandler(e -> {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            if (cause instanceof RetriableException) {
                LOG.warn("A stream thread starts again: {}", cause.getMessage());
                return StreamThreadExceptionResponse.REPLACE_THREAD;
            }
            LOG.error("Streams stopped", e);
            failure = cause;
            return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
        });
        streamsMetrics = new KafkaStreamsMetrics(streams);
        streamsMetrics.bindTo(metrics);
        streams.start();
    }

    private Values values() {
        return new Values() {
            @Override
            public <T extends SpecificRecord> Serde<T> of(Class<T> type) {
                return clients.serde(type);
            }
        };
    }

    /** The whole topology, as the service runs it and tests drive it. */
    static Topology topology(Configuration configuration, Values values, FeatureExtractor extractor) {
        Names names = new Names(configuration.text(Key.TOPIC_PREFIX));
        StreamsBuilder builder = new StreamsBuilder();
        Duration window = Duration.ofSeconds(configuration.number(Key.STREAMS_TIMELINE_WINDOW_SECONDS));
        TimelineTopology.add(builder, names, values, window);
        Topology topology = builder.build();
        String folder = configuration.text(Key.CLIP_FOLDER);
        ClaimCheck claimChecks =
                new ClaimCheck(folder.isEmpty() ? null : Path.of(folder), configuration.number(Key.CLIP_MAX_BYTES));
        SplitTopology.add(topology, names, values, extractor, claimChecks);
        PairTopology.add(topology, names, values, configuration.number(Key.STREAMS_PAIR_WAIT_MS));
        return topology;
    }

    private Properties settings() {
        String largest = String.valueOf(Topic.MAX_MESSAGE_BYTES);
        Properties settings = new Properties();
        settings.putAll(configuration.kafka());
        settings.put(StreamsConfig.APPLICATION_ID_CONFIG, configuration.text(Key.TOPIC_PREFIX) + "streams");
        settings.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        settings.put(StreamsConfig.GROUP_PROTOCOL_CONFIG, configuration.text(Key.STREAMS_GROUP_PROTOCOL));
        settings.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, configuration.text(Key.STREAMS_THREADS));
        settings.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, "100");
        settings.put(StreamsConfig.ENSURE_EXPLICIT_INTERNAL_RESOURCE_NAMING_CONFIG, "true");
        settings.put(StreamsConfig.REPLICATION_FACTOR_CONFIG, configuration.text(Key.TOPIC_REPLICATION));
        settings.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, "0");
        settings.put(
                StreamsConfig.DESERIALIZATION_EXCEPTION_HANDLER_CLASS_CONFIG,
                LogAndContinueExceptionHandler.class.getName());
        settings.put(StreamsConfig.ERRORS_DEAD_LETTER_QUEUE_TOPIC_NAME_CONFIG, clients.name(Topic.DEAD_LETTERS));
        settings.put(StreamsConfig.topicPrefix("max.message.bytes"), largest);
        Map<String, Object> producer = clients.producerSettings();
        for (String name : new String[] {"max.request.size", "buffer.memory"}) {
            settings.put(StreamsConfig.producerPrefix(name), producer.get(name));
        }
        settings.put(StreamsConfig.producerPrefix("linger.ms"), "0");
        settings.put(StreamsConfig.consumerPrefix("max.partition.fetch.bytes"), largest);
        settings.put(StreamsConfig.consumerPrefix("fetch.max.bytes"), "33554432");
        settings.put(StreamsConfig.consumerPrefix("max.poll.records"), "16");
        settings.put(StreamsConfig.consumerPrefix("auto.offset.reset"), "earliest");
        // a clip may be a megabyte: a thousand of them a partition would be a gigabyte
        settings.put(StreamsConfig.BUFFERED_RECORDS_PER_PARTITION_CONFIG, "20");
        if (configuration.text(Key.STREAMS_GROUP_PROTOCOL).equals("classic")) {
            settings.put(StreamsConfig.consumerPrefix("session.timeout.ms"), "6000");
            settings.put(StreamsConfig.consumerPrefix("heartbeat.interval.ms"), "1500");
        }
        return settings;
    }

    @Override
    public boolean ready() {
        return streams != null && streams.state() == KafkaStreams.State.RUNNING;
    }

    @Override
    public Throwable failure() {
        return failure;
    }

    @Override
    public void close() {
        if (streams != null) {
            streams.close(CloseOptions.timeout(STOP)
                    .withGroupMembershipOperation(CloseOptions.GroupMembershipOperation.LEAVE_GROUP));
            streamsMetrics.close();
        }
    }
}
