package io.migr.worker;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * Records between the poll thread and the inference thread. Polling pauses when it is full and goes on when half of
 * it is free, so that it does not flutter. A batch is on its way until {@link #done}.
 */
final class Inbox {
    private final int capacity;
    private final ArrayDeque<ConsumerRecord<String, byte[]>> waiting = new ArrayDeque<>();
    private boolean paused;
    private boolean busy;
    private boolean closed;
    private boolean refusing;
    private boolean nudged;

    Inbox(int capacity) {
        this.capacity = capacity;
    }

    synchronized void add(Iterable<ConsumerRecord<String, byte[]>> records) {
        if (!refusing) {
            records.forEach(waiting::add);
            notifyAll();
        }
    }

    /** Forgets everything and takes nothing until {@link #accept}: what comes now is behind a batch that failed. */
    synchronized void refuse() {
        refusing = true;
        waiting.clear();
    }

    synchronized void accept() {
        refusing = false;
    }

    /** Whether polling has to pause now. */
    synchronized boolean full() {
        paused = paused ? waiting.size() > capacity / 2 : waiting.size() >= capacity;
        return paused;
    }

    synchronized int size() {
        return waiting.size();
    }

    /**
     * Waits for records: returns when {@code most} are there, or {@code wait} after the first one, oldest first.
     *
     * @return empty only when closed, or {@link #nudge nudged} while nothing was there
     */
    synchronized List<ConsumerRecord<String, byte[]>> take(int most, Duration wait) throws InterruptedException {
        while (true) {
            while (waiting.isEmpty() && !closed && !nudged) {
                wait();
            }
            if (nudged) {
                nudged = false;
                if (waiting.isEmpty()) {
                    return List.of();
                }
            }
            long deadline = System.nanoTime() + wait.toNanos();
            while (waiting.size() < most && !closed) {
                long left = (deadline - System.nanoTime()) / 1_000_000;
                if (left <= 0) {
                    break;
                }
                wait(left);
            }
            List<ConsumerRecord<String, byte[]>> batch = new ArrayList<>();
            while (!closed && batch.size() < most && !waiting.isEmpty()) {
                batch.add(waiting.poll());
            }
            if (closed || !batch.isEmpty()) {
                busy = !batch.isEmpty();
                return batch;
            }
            // a rebalance took everything away while the batch filled
        }
    }

    /** Ends the wait for records: there is something else to do. */
    synchronized void nudge() {
        nudged = true;
        notifyAll();
    }

    /** The batch that was taken has been committed or given up. */
    synchronized void done() {
        busy = false;
        notifyAll();
    }

    /** Forgets what waits of these partitions. */
    synchronized void drop(Collection<TopicPartition> partitions) {
        Set<TopicPartition> gone = Set.copyOf(partitions);
        waiting.removeIf(record -> gone.contains(new TopicPartition(record.topic(), record.partition())));
    }

    /** Waits until no batch is on its way, at most so long. */
    synchronized void quiesce(Duration longest) throws InterruptedException {
        long deadline = System.nanoTime() + longest.toNanos();
        while (busy && System.nanoTime() < deadline) {
            wait(Math.max(1, (deadline - System.nanoTime()) / 1_000_000));
        }
    }

    synchronized void close() {
        closed = true;
        waiting.clear();
        notifyAll();
    }
}
