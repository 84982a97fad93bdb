package io.migr.streams;

import io.migr.schemas.ClipId;
import io.migr.schemas.ClipKey;
import io.migr.schemas.ConsentPurpose;
import io.migr.schemas.ConsentRule;
import io.migr.schemas.Emotion;
import io.migr.schemas.EmotionPrediction;
import io.migr.schemas.InferenceRequest;
import io.migr.schemas.LabelFeedback;
import io.migr.schemas.Topic;
import io.migr.schemas.TrainingExample;
import io.migr.streams.records.ClipRefusedException;
import io.migr.streams.records.DeadLetterSink;
import io.migr.streams.records.RecordLog;
import io.migr.streams.records.RecordReader;
import io.migr.streams.records.TopicNames;
import io.migr.streams.records.ValueSerdes;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.TimestampedKeyValueStore;
import org.apache.kafka.streams.state.ValueAndTimestamp;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Joins requests, predictions and labels to training examples:
 *
 * <ol>
 *   <li>a clip's first example is sent when its request, its prediction and a label have arrived, in any order; each
 *       label that changes an annotator's answer sends the example again;
 *   <li>an annotator's last label counts, by the time in the label; one that is older than a known label of the same
 *       annotator becomes a dead letter, one that repeats it sends nothing;
 *   <li>disagreement between annotators is kept as counts in the example;
 *   <li>a label whose clip stays unknown for the whole wait becomes a dead letter, and so does one outside the label
 *       set; time in which this processor did not run and jumps of the clock do not count as waiting.
 * </ol>
 *
 * <p>A clip whose terms of consent have ended gives no example, and its labels become dead letters.
 *
 * <p>Any clip may be labelled as long as its request is kept, but few are. So the stores hold no requests, media or
 * predictions, only their offsets, and the records are read again from their topics when a label arrives. The entries
 * for a clip's request and prediction take about 330 bytes of heap for {@code streams.label.memory.hours} of wall-clock
 * time. One participant at four seconds per clip takes 50 MB in a week, so many participants need fewer hours or
 * several instances. A record that is read again was read as committed before and never changes, so processing stays
 * exactly once.
 *
 * <p>Requests and predictions that cannot be read are ignored here, and so are those under another key;
 * the worker and the timeline report them.
 */
final class ExampleProcessor implements Processor<byte[], byte[], byte[], Object> {
    /** Offsets of requests by clip. In all stores, timestamps are wall-clock times of arrival. */
    static final String REQUESTS = "request-offsets";
    /** Offsets of predictions by clip. */
    static final String PREDICTIONS = "prediction-offsets";
    /** Offsets of labels that are not in an example yet, by clip and annotator. */
    static final String WAITING = "waiting-labels";
    /** Offsets of labels that are in an example, by clip and annotator. */
    static final String JOINED = "joined-labels";

    static final List<String> STORES = List.of(REQUESTS, PREDICTIONS, WAITING, JOINED);

    private static final Logger LOG = LoggerFactory.getLogger(ExampleProcessor.class);
    private static final Duration CLOCKS_DIFFER = Duration.ofMinutes(5);
    /** The longest name of an annotator, characters. */
    private static final int LONGEST_ANNOTATOR = 256;

    private final String requestTopic;
    private final String predictionTopic;
    private final String feedbackTopic;
    private final String exampleTopic;
    private final ValueSerdes values;
    private final RecordLog log;
    private final Duration wait;
    private final Duration memory;
    private ProcessorContext<byte[], Object> context;
    private DeadLetterSink deadLetters;
    private int partition;
    private JumpTolerantClock time;
    private TimestampedKeyValueStore<String, Long> requests;
    private TimestampedKeyValueStore<String, Long> predictions;
    private TimestampedKeyValueStore<String, Long> waiting;
    private TimestampedKeyValueStore<String, Long> joined;

    ExampleProcessor(TopicNames names, ValueSerdes values, RecordLog log, Duration wait, Duration memory) {
        requestTopic = names.topic(Topic.INFERENCE_REQUESTS);
        predictionTopic = names.topic(Topic.PREDICTIONS);
        feedbackTopic = names.topic(Topic.FEEDBACK);
        exampleTopic = names.topic(Topic.TRAINING_EXAMPLES);
        this.values = values;
        this.log = log;
        this.wait = wait;
        this.memory = memory;
    }

    @Override
    public void init(ProcessorContext<byte[], Object> processorContext) {
        context = processorContext;
        deadLetters = new DeadLetterSink(context, ExampleTopology.DEAD_LETTER_SINK);
        partition = context.taskId().partition();
        time = new JumpTolerantClock(context.currentSystemTimeMs(), wait.toMillis());
        requests = context.getStateStore(REQUESTS);
        predictions = context.getStateStore(PREDICTIONS);
        waiting = context.getStateStore(WAITING);
        joined = context.getStateStore(JOINED);
        context.schedule(Duration.ofSeconds(1), PunctuationType.WALL_CLOCK_TIME, this::expire);
        context.schedule(Duration.ofHours(1), PunctuationType.WALL_CLOCK_TIME, this::forget);
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
        RecordMetadata from = context.recordMetadata().orElseThrow();
        if (from.topic().equals(requestTopic)) {
            rememberOffset(InferenceRequest.class, requests, record, from);
        } else if (from.topic().equals(predictionTopic)) {
            rememberOffset(EmotionPrediction.class, predictions, record, from);
        } else {
            processLabel(record, from);
        }
    }

    /** Stores the offset of a clip's request or prediction, and sends the clip's example if it is complete now. */
    private <T extends SpecificRecord> void rememberOffset(
            Class<T> type,
            TimestampedKeyValueStore<String, Long> store,
            Record<byte[], byte[]> record,
            RecordMetadata from) {
        String slot;
        try {
            ClipId clip = (ClipId) value(type, from.topic(), record.value()).get(0);
            RecordReader.requireKey(record.key(), clip);
            slot = slot(clip);
        } catch (ClipRefusedException e) {
            LOG.debug("Offset {} of {} cannot be labelled: {}", from.offset(), from.topic(), e.getMessage());
            return;
        }
        store.put(slot, ValueAndTimestamp.make(from.offset(), context.currentSystemTimeMs()));
        join(slot);
    }

    private void processLabel(Record<byte[], byte[]> record, RecordMetadata from) {
        try {
            LabelFeedback label = value(LabelFeedback.class, feedbackTopic, record.value());
            String slot = slot(label.getClip());
            RecordReader.requireKey(record.key(), label.getClip());
            check(label);
            String place = slot + "/" + label.getAnnotator();
            LabelFeedback previous = previousLabel(place);
            if (previous != null && previous.getLabelledAt().isAfter(label.getLabelledAt())) {
                throw new ClipRefusedException(label.getAnnotator() + " labelled clip " + ClipKey.name(label.getClip())
                        + " as " + previous.getEmotion() + " at " + previous.getLabelledAt()
                        + ", later than this label ("
                        + label.getEmotion() + " at " + label.getLabelledAt() + "). The later one counts.");
            }
            ValueAndTimestamp<Long> here = ValueAndTimestamp.make(from.offset(), context.currentSystemTimeMs());
            if (previous != null && previous.getEmotion() == label.getEmotion() && waiting.get(place) == null) {
                joined.put(place, here);
            } else {
                waiting.put(place, here);
                join(slot);
            }
        } catch (ClipRefusedException e) {
            deadLetters.send(record, e);
        }
    }

    private void check(LabelFeedback label) throws ClipRefusedException {
        String name = ClipKey.name(label.getClip());
        if (label.getAnnotator().isBlank()) {
            throw new ClipRefusedException("The label of clip " + name + " names no annotator. Set annotator.");
        }
        if (label.getAnnotator().length() > LONGEST_ANNOTATOR) {
            throw new ClipRefusedException("The label of clip " + name + " names the annotator "
                    + ClipKey.quoted(label.getAnnotator()) + ". Use at most " + LONGEST_ANNOTATOR + " characters.");
        }
        if (label.getEmotion() == Emotion.UNKNOWN) {
            throw new ClipRefusedException("The label that " + label.getAnnotator() + " gave clip " + name
                    + " is outside the label set " + EnumSet.complementOf(EnumSet.of(Emotion.UNKNOWN)) + ".");
        }
        if (label.getLabelledAt()
                .isAfter(Instant.ofEpochMilli(context.currentSystemTimeMs()).plus(CLOCKS_DIFFER))) {
            throw new ClipRefusedException("The label that " + label.getAnnotator() + " gave clip " + name
                    + " is dated in the future (" + label.getLabelledAt()
                    + "), so no correction could follow it. Check the sender's clock.");
        }
    }

    /** The annotator's previous label; null if none is known. */
    private LabelFeedback previousLabel(String place) {
        ValueAndTimestamp<Long> known = waiting.get(place);
        known = known == null ? joined.get(place) : known;
        try {
            return known == null
                    ? null
                    : value(
                            LabelFeedback.class,
                            feedbackTopic,
                            readAgain(feedbackTopic, known.value()).value());
        } catch (ClipRefusedException e) {
            return null; // it was deleted, so there is nothing to compare with
        }
    }

    /** Sends a clip's example if its request, its prediction and at least one label are known. */
    private void join(String slot) {
        ValueAndTimestamp<Long> request = requests.get(slot);
        ValueAndTimestamp<Long> prediction = predictions.get(slot);
        if (request == null || prediction == null) {
            return;
        }
        Map<String, ValueAndTimestamp<Long>> fresh = of(waiting, slot);
        Map<String, ValueAndTimestamp<Long>> all = of(joined, slot);
        all.putAll(fresh);
        if (all.isEmpty()) {
            return;
        }
        try {
            ConsumerRecord<byte[], byte[]> requestRecord = readAgain(requestTopic, request.value());
            ConsumerRecord<byte[], byte[]> predictionRecord = readAgain(predictionTopic, prediction.value());
            List<LabelFeedback> labels = new ArrayList<>();
            for (ValueAndTimestamp<Long> label : all.values()) {
                labels.add(value(
                        LabelFeedback.class,
                        feedbackTopic,
                        readAgain(feedbackTopic, label.value()).value()));
            }
            InferenceRequest clip = value(InferenceRequest.class, requestTopic, requestRecord.value());
            requireTerms(clip);
            TrainingExample example = new ClipLabels(labels)
                    .example(clip, value(EmotionPrediction.class, predictionTopic, predictionRecord.value()));
            RecordReader.requireFits(
                    values.of(TrainingExample.class),
                    exampleTopic,
                    example,
                    "The example of clip " + ClipKey.name(clip.getClip()) + " with its request of "
                            + requestRecord.value().length + " bytes and the labels of " + labels.size()
                            + " annotators",
                    "Label clips with smaller requests.");
            long now = context.currentSystemTimeMs();
            context.forward(new Record<>(requestRecord.key(), (Object) example, now), ExampleTopology.EXAMPLE_SINK);
            fresh.forEach(joined::put);
            fresh.keySet().forEach(waiting::delete);
        } catch (ClipRefusedException e) {
            fresh.forEach((place, label) -> refuseLabel(place, label.value(), e));
        }
    }

    private void requireTerms(InferenceRequest request) throws ClipRefusedException {
        Optional<String> refusal = ConsentRule.refusal(
                "Clip " + ClipKey.name(request.getClip()),
                request.getTerms(),
                ConsentPurpose.ANALYSIS,
                request.getCapturedAt(),
                Instant.ofEpochMilli(context.currentSystemTimeMs()));
        if (refusal.isPresent()) {
            throw new ClipRefusedException(refusal.get());
        }
    }

    private ConsumerRecord<byte[], byte[]> readAgain(String topic, long offset) throws ClipRefusedException {
        ConsumerRecord<byte[], byte[]> record = log.read(topic, partition, offset);
        if (record == null) {
            throw new ClipRefusedException("Record " + offset + " of " + topic + " in partition " + partition
                    + ", which the label needs, is no longer kept. Label clips before the topic's retention ends.");
        }
        return record;
    }

    private <T extends SpecificRecord> T value(Class<T> type, String topic, byte[] value) throws ClipRefusedException {
        return RecordReader.value(values.of(type), type, topic, value);
    }

    private static String slot(ClipId clip) throws ClipRefusedException {
        return PairProcessor.slot(RecordReader.participant(clip), clip.getSequence());
    }

    /** The labels of one clip by store key, sorted by annotator. */
    private static Map<String, ValueAndTimestamp<Long>> of(TimestampedKeyValueStore<String, Long> store, String slot) {
        Map<String, ValueAndTimestamp<Long>> found = new TreeMap<>();
        // in ASCII, '0' follows '/'
        try (KeyValueIterator<String, ValueAndTimestamp<Long>> labels = store.range(slot + "/", slot + "0")) {
            labels.forEachRemaining(label -> found.put(label.key, label.value));
        }
        return found;
    }

    /** The clip's part of a label's store key, {@code call/participant/sequence/annotator}. */
    private static String slotOf(String place) {
        return place.substring(0, place.indexOf('/', place.indexOf('/') + 1) + 1 + PairProcessor.DIGITS);
    }

    /** The name of the clip with a store key, without the leading zeros of its sequence. */
    private static String clip(String slot) {
        int end = slot.length() - PairProcessor.DIGITS;
        return slot.substring(0, end) + Long.parseLong(slot.substring(end));
    }

    /** Makes a waiting label a dead letter. */
    private void refuseLabel(String place, long offset, ClipRefusedException why) {
        waiting.delete(place);
        ConsumerRecord<byte[], byte[]> label = log.read(feedbackTopic, partition, offset);
        if (label == null) {
            LOG.warn("The label {} is lost, because its record is no longer kept: {}", place, why.getMessage());
            return;
        }
        deadLetters.send(label, why);
    }

    /** Refuses labels whose clip stayed unknown for the whole wait. */
    private void expire(long now) {
        time.observe(now);
        List<KeyValue<String, ValueAndTimestamp<Long>>> late = new ArrayList<>();
        try (KeyValueIterator<String, ValueAndTimestamp<Long>> all = waiting.all()) {
            all.forEachRemaining(label -> {
                boolean waited = time.since(label.value.timestamp(), now) >= wait.toMillis();
                if (waited && requests.get(slotOf(label.key)) == null) {
                    late.add(label);
                }
            });
        }
        late.forEach(label -> refuseLabel(
                label.key,
                label.value.value(),
                new ClipRefusedException("Clip " + clip(slotOf(label.key)) + " is not known: no request for it arrived"
                        + " within " + wait.toMillis() + " ms, or it is older than the " + memory.toHours()
                        + " h for which a clip can be labelled. Compare the id with what migr watch prints.")));
    }

    /** Deletes the entries of clips that can no longer be labelled, and refuses their waiting labels. */
    private void forget(long now) {
        for (String slot : olderThanMemory(requests, now)) {
            requests.delete(slot);
            predictions.delete(slot);
            of(joined, slot).keySet().forEach(joined::delete);
            ClipRefusedException why = new ClipRefusedException("Clip " + clip(slot) + " was not predicted within the "
                    + memory.toHours() + " h for which a clip can be labelled.");
            of(waiting, slot).forEach((place, label) -> refuseLabel(place, label.value(), why));
        }
        olderThanMemory(predictions, now).forEach(predictions::delete);
    }

    private List<String> olderThanMemory(TimestampedKeyValueStore<String, Long> store, long now) {
        List<String> old = new ArrayList<>();
        try (KeyValueIterator<String, ValueAndTimestamp<Long>> all = store.all()) {
            all.forEachRemaining(clip -> {
                if (clip.value.timestamp() < now - memory.toMillis()) {
                    old.add(clip.key);
                }
            });
        }
        return old;
    }
}
