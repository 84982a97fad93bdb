package io.migr.worker;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RetriableException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The poll loop, on its own thread. It never computes, so the consumer group never waits for it. Before partitions are
 * revoked, the batch in flight may finish; records that are only queued are dropped and read by the next owner.
 */
final class Poller {
    private static final Logger LOG = LoggerFactory.getLogger(Poller.class);
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration FINISH = Duration.ofSeconds(10);

    private final Consumer<String, byte[]> consumer;
    private final String topic;
    private final Inbox inbox;
    private final AtomicBoolean running;
    private final AtomicBoolean rewind = new AtomicBoolean();
    private volatile ConsumerGroupMetadata group;
    private volatile boolean assigned;
    private volatile long behind;

    Poller(Consumer<String, byte[]> consumer, String topic, Inbox inbox, AtomicBoolean running) {
        this.consumer = consumer;
        this.topic = topic;
        this.inbox = inbox;
        this.running = running;
    }

    void run() {
        consumer.subscribe(List.of(topic), new Rebalance());
        while (running.get()) {
            once();
        }
    }

    /** One iteration of the loop. */
    void once() {
        if (rewind.getAndSet(false)) {
            try {
                readAgain();
            } catch (RetriableException e) {
                LOG.warn("The committed offsets cannot be read at the moment; trying again: {}", e.toString());
                rewind.set(true);
            }
        }
        if (inbox.full()) {
            consumer.pause(consumer.assignment());
        } else if (!consumer.paused().isEmpty()) {
            consumer.resume(consumer.paused());
        }
        inbox.add(consumer.poll(POLL));
        group = consumer.groupMetadata();
        behind = behind();
    }

    private long behind() {
        long records = 0;
        for (TopicPartition partition : consumer.assignment()) {
            records += consumer.currentLag(partition).orElse(0);
        }
        return records;
    }

    /** Requests of its partitions that wait, on the topic or in the inbox, as of the last poll. */
    long waiting() {
        return behind + inbox.size();
    }

    /** Seeks back to the committed offsets; no batch is in flight when this runs. */
    private void readAgain() {
        Set<TopicPartition> partitions = consumer.assignment();
        Map<TopicPartition, OffsetAndMetadata> committed = consumer.committed(partitions);
        for (TopicPartition partition : partitions) {
            OffsetAndMetadata offset = committed.get(partition);
            if (offset == null) {
                consumer.seekToBeginning(List.of(partition));
            } else {
                consumer.seek(partition, offset);
            }
        }
        inbox.accept();
    }

    /** Requests that all uncommitted records are read again; called by the inference thread after a failed batch. */
    void rewind() {
        inbox.refuse();
        rewind.set(true);
    }

    /** The consumer's membership, as of its last poll. */
    ConsumerGroupMetadata group() {
        return group;
    }

    boolean assigned() {
        return assigned;
    }

    void close() {
        consumer.close();
    }

    private final class Rebalance implements ConsumerRebalanceListener {
        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            group = consumer.groupMetadata();
            assigned = true;
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            inbox.drop(partitions);
            try {
                inbox.quiesce(FINISH);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        @Override
        public void onPartitionsLost(Collection<TopicPartition> partitions) {
            // another consumer owns them now; the group generation keeps a batch in flight from being committed
            inbox.drop(partitions);
        }
    }
}
