package io.migr.replay;

import io.migr.runtime.kafka.DeadLetters;
import io.migr.runtime.kafka.KafkaClients;
import io.migr.schemas.ClipKey;
import io.migr.schemas.Emotion;
import io.migr.schemas.EmotionExplanation;
import io.migr.schemas.EmotionPrediction;
import io.migr.schemas.LabelFeedback;
import io.migr.schemas.OffsetRange;
import io.migr.schemas.ReplayPlan;
import io.migr.schemas.Topic;
import io.migr.streams.ClipLabels;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.Deserializer;

/**
 * Reads the results of a replay together with the results they are compared to, one partition at a time: all records
 * of a clip are in partitions of the same number. Both sides are roughly in the order of the requests, so few clips
 * wait for their counterpart; the side that is ahead is paused when {@link AnswerPairing#MAX_WAITING} of its clips
 * wait.
 */
public final class ReplayReader {
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration VISIBLE_TIMEOUT = Duration.ofSeconds(60);
    /** The largest difference expected between the clocks of this and other machines. */
    private static final Duration CLOCK_SKEW = Duration.ofHours(1);

    /** The maximum number of unanswered records that are listed; all are counted. */
    private static final int MAX_REASONS = 1000;

    private final KafkaClients clients;
    private final ReplayPlan plan;
    private final VersionComparison comparison;
    private final Deserializer<EmotionPrediction> predictions;
    private final Deserializer<EmotionExplanation> explanations;
    private final List<String> reasons = new ArrayList<>();
    private long unmatched;
    private final Set<String> failed = new HashSet<>();
    private long notAnswered;

    /**
     * Creates a reader.
     *
     * @param keep how many of the clips that changed most to keep
     */
    public ReplayReader(KafkaClients clients, ReplayPlan plan, int keep) {
        this.clients = clients;
        this.plan = plan;
        comparison = new VersionComparison(keep);
        predictions = clients.serde(EmotionPrediction.class).deserializer();
        explanations = clients.serde(EmotionExplanation.class).deserializer();
    }

    /**
     * Reads and compares the whole replay, which must be finished.
     *
     * @throws TimeoutException if an open transaction hides results for a minute
     */
    public ReplayResult read() throws InterruptedException {
        for (List<Integer> partitions : groups()) {
            awaitVisible(partitions);
            compare(partitions, labels(partitions));
            notAnswered += failed.size();
            failed.clear();
        }
        return new ReplayResult(plan, comparison, unmatched, notAnswered, reasons);
    }

    /** Groups of partitions to read together: one partition each, or all if the topics' partition counts differ. */
    private List<List<Integer>> groups() {
        List<Integer> planned = plan.getRanges().stream()
                .map(OffsetRange::getPartition)
                .sorted()
                .toList();
        try (KafkaConsumer<String, byte[]> consumer = clients.consumer(null)) {
            List<String> topics = new ArrayList<>(List.of(ReplayRun.topic(plan)));
            for (Topic topic : List.of(
                    Topic.REPLAY_PREDICTIONS,
                    Topic.REPLAY_EXPLANATIONS,
                    Topic.REPLAY_DEAD_LETTERS,
                    Topic.PREDICTIONS,
                    Topic.EXPLANATIONS,
                    Topic.FEEDBACK)) {
                topics.add(clients.name(topic));
            }
            List<Integer> sizes = topics.stream()
                    .map(topic -> consumer.partitionsFor(topic).size())
                    .toList();
            return sizes.stream().distinct().count() == 1
                    ? planned.stream().map(List::of).toList()
                    : List.of(List.of());
        }
    }

    /** The given partitions of a topic; all of them if none is given. */
    private static List<TopicPartition> places(
            KafkaConsumer<String, byte[]> consumer, String topic, List<Integer> partitions) {
        return consumer.partitionsFor(topic).stream()
                .map(one -> new TopicPartition(topic, one.partition()))
                .filter(place -> partitions.isEmpty() || partitions.contains(place.partition()))
                .toList();
    }

    /** Waits until all records now in the replay topics can be read, because committed records become visible late. */
    private void awaitVisible(List<Integer> partitions) throws InterruptedException {
        try (KafkaConsumer<String, byte[]> consumer = clients.consumer(null);
                Admin admin = clients.admin()) {
            List<TopicPartition> places = new ArrayList<>();
            for (Topic topic :
                    List.of(Topic.REPLAY_PREDICTIONS, Topic.REPLAY_EXPLANATIONS, Topic.REPLAY_DEAD_LETTERS)) {
                places.addAll(places(consumer, clients.name(topic), partitions));
            }
            Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
            places.forEach(place -> asked.put(place, OffsetSpec.latest()));
            var written = admin.listOffsets(asked).all().get();
            long deadline = System.nanoTime() + VISIBLE_TIMEOUT.toNanos();
            while (consumer.endOffsets(places).entrySet().stream()
                    .anyMatch(end -> end.getValue() < written.get(end.getKey()).offset())) {
                if (System.nanoTime() > deadline) {
                    throw new TimeoutException("Results of the replay " + plan.getId() + " could not be read within "
                            + VISIBLE_TIMEOUT.toSeconds() + " s, because a transaction is still open. Try again with"
                            + " migr replay --id " + plan.getId() + " --report.");
                }
                Thread.sleep(50);
            }
        } catch (java.util.concurrent.ExecutionException e) {
            throw new KafkaException("Cannot read the end offsets of the replay topics: " + e.getCause(), e.getCause());
        }
    }

    /** The emotion that annotators gave each clip; kept in memory for one group of partitions. */
    private Map<String, Emotion> labels(List<Integer> partitions) {
        Map<String, Map<String, LabelFeedback>> last = new HashMap<>();
        String topic = clients.name(Topic.FEEDBACK);
        var values = clients.serde(LabelFeedback.class).deserializer();
        try (KafkaConsumer<String, byte[]> consumer = clients.consumer(null)) {
            List<TopicPartition> places = places(consumer, topic, partitions);
            consumer.assign(places);
            consumer.seekToBeginning(places);
            Map<TopicPartition, Long> ends = consumer.endOffsets(places);
            while (!reached(consumer, ends, place -> true)) {
                for (ConsumerRecord<String, byte[]> record : consumer.poll(POLL)) {
                    try {
                        LabelFeedback label = values.deserialize(topic, record.value());
                        if (label != null && label.getEmotion() != Emotion.UNKNOWN && wanted(record.key())) {
                            last.computeIfAbsent(ClipKey.name(label.getClip()), clip -> new TreeMap<>())
                                    .merge(
                                            label.getAnnotator(),
                                            label,
                                            (old, now) ->
                                                    now.getLabelledAt().isBefore(old.getLabelledAt()) ? old : now);
                        }
                    } catch (SerializationException e) {
                        // the streams service has already written a dead letter for this record
                    }
                }
            }
        }
        Map<String, Emotion> labels = new HashMap<>();
        last.forEach((clip, all) -> labels.put(clip, new ClipLabels(List.copyOf(all.values())).emotion()));
        return labels;
    }

    private boolean wanted(String key) {
        return plan.getCall() == null || key != null && key.startsWith(plan.getCall() + "/");
    }

    /** Whether the positions of those partitions that pass {@code which} have reached the given end offsets. */
    private static boolean reached(
            KafkaConsumer<String, byte[]> consumer, Map<TopicPartition, Long> ends, Predicate<TopicPartition> which) {
        return ends.entrySet().stream()
                .filter(end -> which.test(end.getKey()))
                .allMatch(end -> consumer.position(end.getKey()) >= end.getValue());
    }

    private void compare(List<Integer> partitions, Map<String, Emotion> labels) {
        boolean recorded = plan.getAgainst() == null;
        AnswerPairing pairs =
                new AnswerPairing((clip, before, after) -> comparison.add(clip, before, after, labels.get(clip)));
        try (KafkaConsumer<String, byte[]> consumer = clients.consumer(null)) {
            Map<TopicPartition, Long> starts = new HashMap<>();
            for (Topic topic :
                    List.of(Topic.REPLAY_PREDICTIONS, Topic.REPLAY_EXPLANATIONS, Topic.REPLAY_DEAD_LETTERS)) {
                places(consumer, clients.name(topic), partitions)
                        .forEach(place -> starts.put(place, plan.getStartedAt().toEpochMilli()));
            }
            if (recorded) {
                long first = firstRequest(consumer, partitions);
                for (Topic topic : List.of(Topic.PREDICTIONS, Topic.EXPLANATIONS)) {
                    places(consumer, clients.name(topic), partitions).forEach(place -> starts.put(place, first));
                }
            }
            Map<TopicPartition, Long> ends = seek(consumer, starts);
            Predicate<TopicPartition> old = place -> place.topic().equals(clients.name(Topic.PREDICTIONS))
                    || place.topic().equals(clients.name(Topic.EXPLANATIONS));
            while (!reached(consumer, ends, place -> true)) {
                boolean replayed = reached(consumer, ends, old.negate());
                if (replayed && pairs.waitingAfter() == 0) {
                    break;
                }
                balance(consumer, pairs, old, replayed, reached(consumer, ends, old));
                for (ConsumerRecord<String, byte[]> record : consumer.poll(POLL)) {
                    take(record, pairs, old);
                }
            }
        }
        unmatched += pairs.unmatched();
    }

    /** Pauses the side that is ahead; if both are full, drops the clips that waited longest. */
    private static void balance(
            KafkaConsumer<String, byte[]> consumer,
            AnswerPairing pairs,
            Predicate<TopicPartition> old,
            boolean replayed,
            boolean compared) {
        if (pairs.afterFull() && (pairs.beforeFull() || compared)) {
            pairs.dropAfter();
        }
        if (pairs.beforeFull() && (pairs.afterFull() || replayed)) {
            pairs.dropBefore();
        }
        Collection<TopicPartition> all = consumer.assignment();
        consumer.resume(all);
        consumer.pause(all.stream()
                .filter(place -> old.test(place) ? pairs.beforeFull() : pairs.afterFull())
                .toList());
    }

    private void take(ConsumerRecord<String, byte[]> record, AnswerPairing pairs, Predicate<TopicPartition> old) {
        String topic = record.topic();
        boolean before = old.test(new TopicPartition(topic, record.partition()));
        if (before ? !wanted(record.key()) : !plan.getId().equals(DeadLetters.text(record.headers(), ReplayRun.ID))) {
            return;
        }
        before |= ReplayRun.AGAINST.equals(DeadLetters.text(record.headers(), ReplayRun.SIDE));
        if (topic.equals(clients.name(Topic.REPLAY_DEAD_LETTERS))) {
            String origin = DeadLetters.text(record.headers(), DeadLetters.PARTITION) + ":"
                    + DeadLetters.text(record.headers(), DeadLetters.OFFSET);
            if (failed.add(origin) && reasons.size() < MAX_REASONS) {
                reasons.add(record.key() + " (" + origin + "): " + DeadLetters.reason(record.headers()));
            }
        } else if (topic.equals(clients.name(Topic.PREDICTIONS))
                || topic.equals(clients.name(Topic.REPLAY_PREDICTIONS))) {
            pairs.add(before, predictions.deserialize(topic, record.value()));
        } else {
            pairs.add(before, explanations.deserialize(topic, record.value()));
        }
    }

    /** The time of the first record of the range in ms since the epoch; its results are later. */
    private long firstRequest(KafkaConsumer<String, byte[]> consumer, List<Integer> partitions) {
        long first = Long.MAX_VALUE;
        for (OffsetRange range : plan.getRanges()) {
            if (partitions.isEmpty() || partitions.contains(range.getPartition())) {
                TopicPartition place = new TopicPartition(range.getTopic(), range.getPartition());
                consumer.assign(List.of(place));
                consumer.seek(place, range.getFrom());
                long time = Long.MAX_VALUE;
                while (time == Long.MAX_VALUE && consumer.position(place) < range.getTo()) {
                    for (ConsumerRecord<String, byte[]> record : consumer.poll(POLL)) {
                        time = Math.min(time, record.timestamp());
                    }
                }
                first = Math.min(first, time);
            }
        }
        return first == Long.MAX_VALUE ? 0 : first;
    }

    /** Seeks to the given times minus {@link #CLOCK_SKEW}; returns the current end offsets. */
    private static Map<TopicPartition, Long> seek(
            KafkaConsumer<String, byte[]> consumer, Map<TopicPartition, Long> starts) {
        Map<TopicPartition, Long> times = new HashMap<>();
        starts.forEach((place, time) -> times.put(place, Math.max(0, time - CLOCK_SKEW.toMillis())));
        consumer.assign(starts.keySet());
        Map<TopicPartition, Long> ends = consumer.endOffsets(starts.keySet());
        consumer.offsetsForTimes(times)
                .forEach((place, found) -> consumer.seek(place, found == null ? ends.get(place) : found.offset()));
        return ends;
    }
}
