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
 * Queues records between the poll thread and the inference thread. Polling pauses when it is full and resumes when half
 * of it is free, to avoid frequent switching. A batch is in flight until {@link #done}.
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

    /** Drops everything and ignores new records until {@link #accept}, because they come after a batch that failed. */
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
     * Waits for records: returns when {@code most} are available, or {@code wait} after the first one, oldest first.
     *
     * @return empty only if closed, or {@link #nudge nudged} while no record was waiting
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
            // a rebalance dropped all records while the batch was filling
        }
    }

    /** Makes {@link #take} return soon even without records, so that the inference thread can swap the model. */
    synchronized void nudge() {
        nudged = true;
        notifyAll();
    }

    /** Reports that the batch taken last has been committed or abandoned. */
    synchronized void done() {
        busy = false;
        notifyAll();
    }

    /** Drops the waiting records of these partitions. */
    synchronized void drop(Collection<TopicPartition> partitions) {
        Set<TopicPartition> gone = Set.copyOf(partitions);
        waiting.removeIf(record -> gone.contains(new TopicPartition(record.topic(), record.partition())));
    }

    /** Waits until no batch is in flight, at most {@code longest}. */
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
