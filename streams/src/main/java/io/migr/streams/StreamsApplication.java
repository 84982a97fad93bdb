package io.migr.streams;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.kafka.KafkaStreamsMetrics;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Properties;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.common.errors.ApplicationRecoverableException;
import org.apache.kafka.common.errors.InvalidTxnStateException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.errors.StreamsException;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.apache.kafka.streams.errors.TopologyException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs one topology: retries after temporary errors; any other error stops it and is available as {@link #failure}. */
final class StreamsApplication implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(StreamsApplication.class);
    private static final Duration STOP = Duration.ofSeconds(15);
    private static final Duration PAUSE = Duration.ofMillis(500);

    private final KafkaStreams streams;
    private final KafkaStreamsMetrics metrics;
    private volatile Throwable failure;

    StreamsApplication(Topology topology, Properties settings, MeterRegistry registry) {
        streams = new KafkaStreams(topology, settings);
        streams.setUncaughtExceptionHandler(this::handle);
        metrics = new KafkaStreamsMetrics(streams);
        metrics.bindTo(registry);
    }

    private StreamThreadExceptionResponse handle(Throwable e) {
        Throwable recoverable = recoverable(e);
        if (recoverable != null) {
            LOG.warn("A stream thread is replaced: {}", recoverable.getMessage());
            LockSupport.parkNanos(PAUSE.toNanos()); // the next thread begins with the same record
            return StreamThreadExceptionResponse.REPLACE_THREAD;
        }
        LOG.error("Streams stopped", e);
        Throwable cause = e.getCause() == null ? e : e.getCause();
        failure = cause instanceof TopologyException ? withInstructions((TopologyException) cause) : cause;
        return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
    }

    /** The topology fits the topics when it starts, so later it fits no more only if their partitions have changed. */
    private static StreamsException withInstructions(TopologyException e) {
        return new StreamsException(
                e.getMessage() + ". Partitions were added while it ran; see docs/operating.md, Partitions.", e);
    }

    /**
     * Finds the cause that a new thread can recover from, because it continues at the last commit with a new producer:
     * an error that can be retried, a disk that is full or away, or a transaction that the broker has ended, by timeout or
     * by a crash. Kafka Streams itself recovers from most of these, but not from InvalidTxnStateException (KAFKA-19690).
     *
     * @return null if there is no such cause
     */
    static Throwable recoverable(Throwable e) {
        // Kafka Streams wraps exceptions once, or twice if a record cannot be serialized
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof RetriableException
                    || cause instanceof ApplicationRecoverableException
                    || cause instanceof UncheckedIOException
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
