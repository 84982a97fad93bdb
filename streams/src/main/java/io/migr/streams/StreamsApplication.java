package io.migr.streams;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.kafka.KafkaStreamsMetrics;
import java.time.Duration;
import java.util.Properties;
import org.apache.kafka.common.errors.ApplicationRecoverableException;
import org.apache.kafka.common.errors.InvalidTxnStateException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One topology that runs: what can be tried again is, anything else stops it and is kept as its failure. */
final class StreamsApplication implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(StreamsApplication.class);
    private static final Duration STOP = Duration.ofSeconds(15);

    private final KafkaStreams streams;
    private final KafkaStreamsMetrics metrics;
    private volatile Throwable failure;

    StreamsApplication(Topology topology, Properties settings, MeterRegistry registry) {
        streams = new KafkaStreams(topology, settings);
        streams.setUncaughtExceptionHandler(this::answer);
        metrics = new KafkaStreamsMetrics(streams);
        metrics.bindTo(registry);
    }

    private StreamThreadExceptionResponse answer(Throwable e) {
        Throwable passing = passing(e);
        if (passing != null) {
            LOG.warn("A stream thread starts again: {}", passing.getMessage());
            return StreamThreadExceptionResponse.REPLACE_THREAD;
        }
        LOG.error("Streams stopped", e);
        failure = e.getCause() == null ? e : e.getCause();
        return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
    }

    /**
     * What a new thread gets over, which goes on at the last commit with a producer of its own: what can be tried again,
     * and a transaction that the broker has ended meanwhile, by its timeout or by dying. Kafka Streams itself gets over
     * most of these, but not over InvalidTxnStateException (KAFKA-19690).
     *
     * @return null: nothing among its causes
     */
    static Throwable passing(Throwable e) {
        // Kafka Streams wraps once or, where a record cannot be serialized, twice
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof RetriableException
                    || cause instanceof ApplicationRecoverableException
                    || cause instanceof InvalidTxnStateException) {
                return cause;
            }
        }
        return null;
    }

    void start() {
        streams.start();
    }

    boolean ready() {
        return streams.state() == KafkaStreams.State.RUNNING;
    }

    /** Why it stopped by itself; null while it runs. */
    Throwable failure() {
        return failure;
    }

    @Override
    public void close() {
        streams.close(CloseOptions.timeout(STOP)
                .withGroupMembershipOperation(CloseOptions.GroupMembershipOperation.LEAVE_GROUP));
        metrics.close();
    }
}
