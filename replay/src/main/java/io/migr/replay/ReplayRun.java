package io.migr.replay;

import io.migr.model.ClipAnalyser;
import io.migr.runtime.kafka.KafkaClients;
import io.migr.schemas.EmotionExplanation;
import io.migr.schemas.EmotionPrediction;
import io.migr.schemas.InferenceRequest;
import io.migr.schemas.OffsetRange;
import io.migr.schemas.ReplayPlan;
import io.migr.schemas.Topic;
import io.migr.worker.BatchRunner;
import io.migr.worker.BatchRunner.Outputs;
import io.migr.worker.BatchRunner.Read;
import io.migr.worker.ExplanationVerifier;
import io.migr.worker.RequestSource;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs one instance of a replay: sends recorded requests, or requests made again from recorded clips, through one or
 * two versions of the model and writes the results to the replay topics. Guarantees:
 *
 * <ol>
 *   <li>Results and the offset after their requests are committed in one transaction, in a separate consumer group for
 *       the replay. So each record of the plan has its results exactly once, whichever instance was stopped, and no
 *       other group's offsets move.
 *   <li>Which records are analysed together depends only on their offsets, because even on a CPU the last bits of a
 *       result can depend on the batch. So a replay gives the same results however it was shared, stopped and resumed.
 *   <li>A record of the plan that cannot be analysed has one record in the replay's dead letters for each version. If a
 *       record is deleted before it is read, the replay ends with an error.
 *   <li>At most the records of one poll and one unfinished batch per partition are kept in memory.
 * </ol>
 *
 * <p>A single thread polls and computes.
 */
public final class ReplayRun {
    /** Header of every result: the id of the replay. */
    public static final String ID = "migr.replay.id";

    /** Header of every result: {@link #MODEL} or {@link #AGAINST}, the version that it comes from. */
    public static final String SIDE = "migr.replay.side";

    /** The version under test. */
    public static final String MODEL = "model";

    /** The version that it is compared to. */
    public static final String AGAINST = "against";

    private static final Logger LOG = LoggerFactory.getLogger(ReplayRun.class);
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration PROGRESS_INTERVAL = Duration.ofMillis(500);
    private static final int MAX_FAILURES = 5;

    /** The range of a partition assigned to this instance, and the records read from it but not yet processed. */
    private static final class Reading {
        private final OffsetRange range;
        private final Deque<ConsumerRecord<String, byte[]>> records = new ArrayDeque<>();
        private long next;

        Reading(OffsetRange range, long next) {
            this.range = range;
            this.next = next;
        }
    }

    private final KafkaClients clients;
    private final ReplayPlan plan;
    private final RequestSource source;
    private final Map<String, BatchRunner> sides = new HashMap<>();
    private final Map<TopicPartition, OffsetRange> ranges = new HashMap<>();
    private final Map<TopicPartition, Reading> assigned = new HashMap<>();
    private int failures;

    /**
     * Creates an instance that replays recorded requests.
     *
     * @param analysers of {@link ReplayPlan#getModel} and, if there is one, of {@link ReplayPlan#getAgainst}
     */
    public ReplayRun(
            KafkaClients clients, ReplayPlan plan, List<ClipAnalyser> analysers, ExplanationVerifier verifier) {
        this(
                clients,
                plan,
                analysers,
                verifier,
                RequestSource.recorded(clients.serde(InferenceRequest.class).deserializer()));
    }

    /**
     * Creates an instance.
     *
     * @param analysers of {@link ReplayPlan#getModel} and, if there is one, of {@link ReplayPlan#getAgainst}
     * @param source makes requests from the plan's records
     */
    public ReplayRun(
            KafkaClients clients,
            ReplayPlan plan,
            List<ClipAnalyser> analysers,
            ExplanationVerifier verifier,
            RequestSource source) {
        this.clients = clients;
        this.plan = plan;
        this.source = source;
        Outputs outputs = new Outputs(
                clients.name(Topic.REPLAY_PREDICTIONS),
                clients.name(Topic.REPLAY_EXPLANATIONS),
                clients.name(Topic.REPLAY_DEAD_LETTERS),
                source,
                clients.serde(EmotionPrediction.class),
                clients.serde(EmotionExplanation.class));
        for (int i = 0; i < analysers.size(); i++) {
            sides.put(i == 0 ? MODEL : AGAINST, new BatchRunner(analysers.get(i), verifier, null, outputs));
        }
        plan.getRanges().forEach(range -> ranges.put(place(range), range));
    }

    private static TopicPartition place(OffsetRange range) {
        return new TopicPartition(range.getTopic(), range.getPartition());
    }

    /** The full name of the topic that a plan reads. */
    public static String topic(ReplayPlan plan) {
        return plan.getRanges().get(0).getTopic();
    }

    /** How many offsets a plan covers; not every offset needs to have a record. */
    public static long size(ReplayPlan plan) {
        return plan.getRanges().stream()
                .mapToLong(range -> range.getTo() - range.getFrom())
                .sum();
    }

    /** How many offsets of a plan are done, by all instances together. */
    public static long done(KafkaClients clients, ReplayPlan plan) {
        try (Consumer<String, byte[]> consumer = clients.consumer(group(clients, plan))) {
            return done(consumer, plan);
        }
    }

    private static long done(Consumer<String, byte[]> consumer, ReplayPlan plan) {
        Map<TopicPartition, OffsetRange> all = new HashMap<>();
        plan.getRanges().forEach(range -> all.put(place(range), range));
        Map<TopicPartition, OffsetAndMetadata> committed = consumer.committed(all.keySet());
        long done = 0;
        for (Map.Entry<TopicPartition, OffsetRange> one : all.entrySet()) {
            OffsetAndMetadata offset = committed.get(one.getKey());
            done += offset == null ? 0 : offset.offset() - one.getValue().getFrom();
        }
        return done;
    }

    private static String group(KafkaClients clients, ReplayPlan plan) {
        return clients.name(Topic.REPLAYS) + "-" + plan.getId();
    }

    /**
     * Runs until the whole plan is done, by this instance or by others.
     *
     * @param progress receives the number of finished offsets about twice a second
     * @param stop checked between batches
     * @return true if the plan is done; false if it was stopped before
     * @throws IllegalStateException if records were deleted before they were read; the message names them
     */
    public boolean run(LongConsumer progress, BooleanSupplier stop) throws InterruptedException {
        long all = size(plan);
        long reported = System.nanoTime() - PROGRESS_INTERVAL.toNanos();
        String id = group(clients, plan) + "-" + UUID.randomUUID();
        try (Consumer<String, byte[]> consumer = consumer();
                Producer<String, byte[]> producer = clients.producer(id)) {
            producer.initTransactions();
            requireUndeleted(consumer);
            consumer.subscribe(List.of(topic(plan)), new Rebalance(consumer));
            while (!stop.getAsBoolean()) {
                if (System.nanoTime() - reported >= PROGRESS_INTERVAL.toNanos()) {
                    long done = done(consumer, plan);
                    progress.accept(done);
                    if (done == all) {
                        return true;
                    }
                    reported = System.nanoTime();
                }
                take(poll(consumer));
                advance(consumer, producer, stop);
            }
            return false;
        }
    }

    private Iterable<ConsumerRecord<String, byte[]>> poll(Consumer<String, byte[]> consumer) {
        try {
            return consumer.poll(POLL);
        } catch (OffsetOutOfRangeException e) {
            requireUndeleted(consumer);
            throw e;
        }
    }

    /** Fails if retention has deleted records that are still to be read, instead of skipping them silently. */
    private void requireUndeleted(Consumer<String, byte[]> consumer) {
        Map<TopicPartition, OffsetAndMetadata> committed = consumer.committed(ranges.keySet());
        Map<TopicPartition, Long> kept = consumer.beginningOffsets(ranges.keySet());
        ranges.forEach((place, range) -> {
            OffsetAndMetadata offset = committed.get(place);
            long next = offset == null ? range.getFrom() : offset.offset();
            if (next < range.getTo() && kept.get(place) > next) {
                throw new IllegalStateException("The replay " + plan.getId() + " cannot be finished: of " + place
                        + " it still has to read the offsets " + next + "-" + range.getTo()
                        + ", and those below " + kept.get(place) + " were deleted by the topic's retention."
                        + " The results written so far stay; replay the rest under another id.");
            }
        });
    }

    private Consumer<String, byte[]> consumer() {
        Map<String, Object> settings = clients.consumerSettings();
        settings.put("group.id", group(clients, plan));
        settings.put("max.poll.records", plan.getBatchSize());
        settings.put("auto.offset.reset", "none"); // deleted records are an error, see requireUndeleted
        settings.put("max.poll.interval.ms", "900000"); // a large model may take minutes for a batch
        return new KafkaConsumer<>(settings, new StringDeserializer(), new ByteArrayDeserializer());
    }

    private void take(Iterable<ConsumerRecord<String, byte[]>> polled) {
        for (ConsumerRecord<String, byte[]> record : polled) {
            Reading reading = assigned.get(new TopicPartition(record.topic(), record.partition()));
            if (reading != null && record.offset() < reading.range.getTo() && wanted(record)) {
                reading.records.add(record);
            }
        }
    }

    private boolean wanted(ConsumerRecord<String, byte[]> record) {
        return plan.getCall() == null || record.key() != null && record.key().startsWith(plan.getCall() + "/");
    }

    private void advance(Consumer<String, byte[]> consumer, Producer<String, byte[]> producer, BooleanSupplier stop)
            throws InterruptedException {
        for (Map.Entry<TopicPartition, Reading> one : List.copyOf(assigned.entrySet())) {
            long read = consumer.position(one.getKey());
            Reading reading = one.getValue();
            long to = reading.range.getTo();
            if (read >= to) {
                consumer.pause(List.of(one.getKey()));
            }
            while (reading.next < to && !stop.getAsBoolean()) {
                long end = Math.min(to, (reading.next / plan.getBatchSize() + 1) * plan.getBatchSize());
                if (read < end) {
                    break;
                }
                try {
                    processUpTo(one.getKey(), reading, end, consumer, producer);
                    failures = 0;
                } catch (ProducerFencedException e) {
                    throw e;
                } catch (KafkaException e) {
                    if (++failures == MAX_FAILURES) {
                        throw e;
                    }
                    LOG.warn("A batch was not committed and will be read again: {}", e.toString());
                    Thread.sleep(POLL.toMillis());
                    begin(consumer, consumer.assignment());
                    return;
                }
            }
        }
    }

    /** Processes the records before an offset. If there are none, it commits only at the end of a range. */
    private void processUpTo(
            TopicPartition place,
            Reading reading,
            long end,
            Consumer<String, byte[]> consumer,
            Producer<String, byte[]> producer) {
        List<ConsumerRecord<String, byte[]>> batch = new ArrayList<>();
        while (!reading.records.isEmpty() && reading.records.peek().offset() < end) {
            batch.add(reading.records.poll());
        }
        if (!batch.isEmpty() || end == reading.range.getTo()) {
            List<ProducerRecord<String, byte[]>> results = new ArrayList<>();
            if (!batch.isEmpty()) {
                List<Read> read = sides.get(MODEL).read(batch);
                sides.forEach((side, runner) -> runner.analyse(read).records().forEach(result -> {
                    result.headers().add(ID, plan.getId().getBytes(StandardCharsets.UTF_8));
                    result.headers().add(SIDE, side.getBytes(StandardCharsets.UTF_8));
                    results.add(result);
                }));
            }
            BatchRunner.commit(producer, results, Map.of(place, new OffsetAndMetadata(end)), consumer.groupMetadata());
        }
        reading.next = end;
    }

    /** Starts reading partitions at the group's committed offsets. */
    private void begin(Consumer<String, byte[]> consumer, Collection<TopicPartition> partitions) {
        if (partitions.isEmpty()) {
            return;
        }
        Map<TopicPartition, OffsetAndMetadata> committed = consumer.committed(java.util.Set.copyOf(partitions));
        for (TopicPartition place : partitions) {
            OffsetRange range = ranges.get(place);
            if (range == null) {
                consumer.seekToEnd(List.of(place));
                consumer.pause(List.of(place));
                continue;
            }
            OffsetAndMetadata offset = committed.get(place);
            long next = offset == null ? range.getFrom() : offset.offset();
            assigned.put(place, new Reading(range, next));
            if (next < range.getTo()) {
                source.begin(place, next);
            }
            consumer.seek(place, next);
            consumer.resume(List.of(place));
        }
    }

    private final class Rebalance implements ConsumerRebalanceListener {
        private final Consumer<String, byte[]> consumer;

        Rebalance(Consumer<String, byte[]> consumer) {
            this.consumer = consumer;
        }

        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            begin(consumer, partitions);
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            partitions.forEach(assigned::remove);
        }
    }
}
