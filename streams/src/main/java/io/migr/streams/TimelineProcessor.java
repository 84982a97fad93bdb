package io.migr.streams;

import io.migr.schemas.ClipId;
import io.migr.schemas.ClipKey;
import io.migr.schemas.EmotionPrediction;
import io.migr.schemas.EmotionProbability;
import io.migr.streams.records.ClipRefusedException;
import io.migr.streams.records.DeadLetterSink;
import io.migr.streams.records.RecordReader;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.kstream.Windowed;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.TimestampedWindowStore;
import org.apache.kafka.streams.state.ValueAndTimestamp;

/**
 * Adds each prediction to a window of its participant and sends the window again:
 *
 * <ol>
 *   <li>a clip is in the window of its capture time, whatever the capture times of other clips are: no window closes
 *       because another clip is later, so no clock can silence a timeline;
 *   <li>a capture time before {@link #EARLIEST} or more than {@link #AHEAD} in the future cannot be one. The clip is in
 *       the window of the time at which its prediction was read, and the window counts it as untimed;
 *   <li>a window is kept until no clip has come to it for {@link #MEMORY}; one that comes later begins it anew;
 *   <li>a prediction that cannot be read, or has another key than its participant's, becomes a dead letter.
 * </ol>
 *
 * <p>The store is a window store because Kafka Streams refuses another topology for a group that exists. Its own notion
 * of time, which all participants of a partition would share and which expires what is older, is not used: all entries
 * lie at {@link #PLACE}, the window is part of the key, and entries are deleted here.
 */
final class TimelineProcessor implements Processor<byte[], byte[], byte[], Object> {
    /** The earliest capture time that is believed. A clock that was never set, or another unit, gives earlier ones. */
    static final Instant EARLIEST = Instant.parse("2000-01-01T00:00:00Z");
    /** How far a sender's clock may be ahead of this machine's. */
    static final Duration AHEAD = Duration.ofDays(1);

    static final Duration MEMORY = Duration.ofHours(1);
    /** Where entries lie in the store: after all times at which earlier versions stored windows, ms. */
    private static final long PLACE = 1L << 60;

    private final String topic;
    private final Serde<EmotionPrediction> predictions;
    private final Duration window;
    private ProcessorContext<byte[], Object> context;
    private DeadLetterSink deadLetters;
    private TimestampedWindowStore<String, double[]> windows;

    /**
     * Creates a processor.
     *
     * @param topic of the predictions
     * @param window length of a window
     */
    TimelineProcessor(String topic, Serde<EmotionPrediction> predictions, Duration window) {
        this.topic = topic;
        this.predictions = predictions;
        this.window = window;
    }

    @Override
    public void init(ProcessorContext<byte[], Object> processorContext) {
        context = processorContext;
        deadLetters = new DeadLetterSink(context, TimelineTopology.DEAD_LETTER_SINK);
        windows = context.getStateStore(TimelineTopology.STORE);
        context.schedule(Duration.ofMinutes(1), PunctuationType.WALL_CLOCK_TIME, this::forget);
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
        try {
            EmotionPrediction prediction =
                    RecordReader.value(predictions, EmotionPrediction.class, topic, record.value());
            ClipId clip = prediction.getClip();
            RecordReader.requireKey(record.key(), clip);
            requireNumbers(prediction);
            long now = context.currentSystemTimeMs();
            boolean timed = believed(prediction.getCapturedAt(), now);
            long at = timed ? prediction.getCapturedAt().toEpochMilli() : now;
            long start = at - Math.floorMod(at, window.toMillis());
            String slot = ClipKey.of(clip) + "/" + start;
            ValueAndTimestamp<double[]> known = windows.fetch(slot, PLACE);
            double[] sums = TimelineSums.with(known == null ? null : known.value(), prediction, timed);
            windows.put(slot, ValueAndTimestamp.make(sums, now), PLACE);
            Object timeline = TimelineSums.window(
                    clip.getCallId(), clip.getParticipantId(), Instant.ofEpochMilli(start), window, sums);
            context.forward(new Record<>(record.key(), timeline, now), TimelineTopology.TIMELINE_SINK);
        } catch (ClipRefusedException e) {
            deadLetters.send(record, e);
        }
    }

    private static boolean believed(Instant capturedAt, long now) {
        return !capturedAt.isBefore(EARLIEST)
                && !capturedAt.isAfter(Instant.ofEpochMilli(now).plus(AHEAD));
    }

    /** A number that is none would make all means of its window none. */
    private static void requireNumbers(EmotionPrediction prediction) throws ClipRefusedException {
        boolean numbers = Float.isFinite(prediction.getImportance().getVisualShare());
        for (EmotionProbability one : prediction.getProbabilities()) {
            numbers &= Float.isFinite(one.getProbability());
        }
        if (!numbers) {
            throw new ClipRefusedException("The prediction of clip " + ClipKey.name(prediction.getClip())
                    + " has probabilities or a visual share that are no finite numbers. It is not in the timeline.");
        }
    }

    private void forget(long now) {
        List<String> old = new ArrayList<>();
        try (KeyValueIterator<Windowed<String>, ValueAndTimestamp<double[]>> all = windows.all()) {
            while (all.hasNext()) {
                KeyValue<Windowed<String>, ValueAndTimestamp<double[]>> entry = all.next();
                if (entry.value.timestamp() < now - MEMORY.toMillis()) {
                    old.add(entry.key.key());
                }
            }
        }
        old.forEach(slot -> windows.put(slot, null, PLACE));
    }
}
