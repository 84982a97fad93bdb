package io.migr.streams;

import io.migr.schemas.AudioFeatures;
import io.migr.schemas.ClipId;
import io.migr.schemas.ClipKey;
import io.migr.schemas.ConsentPurpose;
import io.migr.schemas.ConsentRule;
import io.migr.schemas.InferenceRequest;
import io.migr.schemas.Topic;
import io.migr.schemas.VisualFeatures;
import io.migr.streams.records.ClipRefusedException;
import io.migr.streams.records.ConsentEnded;
import io.migr.streams.records.DeadLetterSink;
import io.migr.streams.records.RecordReader;
import io.migr.streams.records.TopicNames;
import io.migr.streams.records.ValueSerdes;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.TimestampedKeyValueStore;
import org.apache.kafka.streams.state.ValueAndTimestamp;

/**
 * Joins the visual and the audio half of each clip to one request:
 *
 * <ol>
 *   <li>there is exactly one request per clip, in whatever order its halves arrive;
 *   <li>halves from the split step wait for each other without limit, because both were written in one transaction: no
 *       load separates them. Only if the other half can no longer come ({@link Half#passed}, or its topic's retention is
 *       over) does the request have one half and the reason;
 *   <li>if the other half of one that somebody else wrote does not arrive within the wait, likewise; time in which this
 *       processor did not run does not count, so neither a restart nor a clock jump separates two halves;
 *   <li>a participant's requests are sent in the order of their sequence numbers: a complete clip is held back while an
 *       earlier one still waits;
 *   <li>a second half of the same kind, or one that arrives after the request was sent, becomes a dead letter;
 *   <li>so does a half whose terms do not permit analysis, and one that cannot be read: both without their values;
 *   <li>and so does one with which the request would be too large for its topic; then the clip has no request;
 *   <li>each request has the baseline of the participant's clips before it; the numbers that it comes from are deleted
 *       after an hour, and when a clip of the participant is refused for want of consent.
 * </ol>
 */
final class PairProcessor implements Processor<byte[], byte[], byte[], Object> {
    /** Clips that wait for a half, by participant and sequence; timestamps are wall-clock times of the first half. */
    static final String PENDING = "pending-clips";
    /** When the request of each clip was sent, and what it adds to its participant's baseline. */
    static final String PAIRED = "paired-clips";

    /** Digits of a sequence number in a store key. */
    static final int DIGITS = 19;

    private static final Duration MEMORY = Duration.ofHours(1);
    /** How long a half can wait in a topic. */
    private static final Duration KEPT = Topic.VISUAL_FEATURES.retention();

    private static final Duration TICK = Duration.ofMillis(200);

    private final String visualTopic;
    private final String audioTopic;
    private final String requestTopic;
    private final ValueSerdes values;
    private final long waitMs;
    private ProcessorContext<byte[], Object> context;
    private DeadLetterSink deadLetters;
    private JumpTolerantClock time;
    private TimestampedKeyValueStore<String, InferenceRequest> pending;
    private KeyValueStore<String, SentClip> paired;
    private Baselines baselines;
    /** When a clip may first have waited long enough, ms; a scan that finds none is harmless. */
    private long nextScan;

    private long lastTick;

    PairProcessor(TopicNames names, ValueSerdes values, long waitMs) {
        visualTopic = names.topic(Topic.VISUAL_FEATURES);
        audioTopic = names.topic(Topic.AUDIO_FEATURES);
        requestTopic = names.topic(Topic.INFERENCE_REQUESTS);
        this.values = values;
        this.waitMs = waitMs;
    }

    @Override
    public void init(ProcessorContext<byte[], Object> processorContext) {
        context = processorContext;
        deadLetters = new DeadLetterSink(context, PairTopology.DEAD_LETTER_SINK);
        time = new JumpTolerantClock(context.currentSystemTimeMs(), waitMs);
        pending = context.getStateStore(PENDING);
        paired = context.getStateStore(PAIRED);
        baselines = new Baselines(paired);
        context.schedule(TICK, PunctuationType.WALL_CLOCK_TIME, this::expire);
        context.schedule(Duration.ofMinutes(1), PunctuationType.WALL_CLOCK_TIME, this::forget);
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
        RecordMetadata from = context.recordMetadata().orElseThrow();
        byte[] kept = null;
        Optional<ClipId> ended =
                record.value() == null ? ConsentEnded.clip(record.key(), record.headers()) : Optional.empty();
        if (ended.isPresent()) {
            ClipId clip = ended.get();
            baselines.end(ClipKey.of(clip), clip.getSequence(), context.currentSystemTimeMs());
            return;
        }
        try {
            boolean isVisual = from.topic().equals(visualTopic);
            Half half = new Half(
                    isVisual ? value(VisualFeatures.class, visualTopic, record) : null,
                    isVisual ? null : value(AudioFeatures.class, audioTopic, record));
            long now = context.currentSystemTimeMs();
            requireTerms(half, now);
            kept = record.value();
            RecordReader.requireKey(record.key(), half.clip());
            join(half);
            time.observe(now);
            drain(ClipKey.of(half.clip()), half, now);
        } catch (ClipRefusedException e) {
            deadLetters.send(record, kept, e);
        }
    }

    private <T extends SpecificRecord> T value(Class<T> type, String topic, Record<byte[], byte[]> record)
            throws ClipRefusedException {
        return RecordReader.consented(values.of(type), type, topic, record.value());
    }

    /** Split has done this for its halves; others may come from a user's own extractor, and terms may end meanwhile. */
    private void requireTerms(Half half, long now) throws ClipRefusedException {
        ClipId clip = half.clip();
        Optional<String> refusal = ConsentRule.refusal(
                "The " + half.kind() + " half of clip " + ClipKey.written(clip),
                half.terms(),
                ConsentPurpose.ANALYSIS,
                half.capturedAt(),
                Instant.ofEpochMilli(now));
        if (refusal.isEmpty()) {
            return;
        }
        if (ClipKey.usable(clip)) {
            String participant = ClipKey.of(clip);
            baselines.end(participant, clip.getSequence(), now);
            String slot = slot(participant, clip.getSequence());
            ValueAndTimestamp<InferenceRequest> other = pending.get(slot);
            if (other != null && Objects.equals(other.value().getTerms(), half.terms())) {
                pending.delete(slot); // its terms have ended, too, and its other half was refused
                drain(participant, null, now);
            }
        }
        throw new ClipRefusedException(refusal.get());
    }

    private void join(Half half) throws ClipRefusedException {
        ClipId clip = half.clip();
        String slot = slot(ClipKey.of(clip), clip.getSequence());
        SentClip before = paired.get(slot);
        if (before != null && before.sent()) {
            throw new ClipRefusedException("The " + half.kind() + " half of clip " + ClipKey.name(clip)
                    + " arrived after the clip's request was sent, or a second time. It is not used.");
        }
        ValueAndTimestamp<InferenceRequest> known = pending.get(slot);
        InferenceRequest request = known == null ? RequestBuilder.of(clip, half.visual(), half.audio()) : known.value();
        if (known != null && half.isIn(request)) {
            throw new ClipRefusedException("The " + half.kind() + " half of clip " + ClipKey.name(clip)
                    + " arrived twice. The first one is used.");
        }
        if (!Objects.equals(request.getTerms(), half.terms())) {
            throw new ClipRefusedException("The " + half.kind() + " half of clip " + ClipKey.name(clip)
                    + " has other terms than the other half, which came first. Give both the same terms.");
        }
        half.addTo(request);
        requireFits(request, slot, half.kind(), known != null);
        ValueAndTimestamp<InferenceRequest> first =
                ValueAndTimestamp.make(request, known == null ? context.currentSystemTimeMs() : known.timestamp());
        pending.put(slot, first);
        nextScan = Math.min(nextScan, context.currentSystemTimeMs() + left(first, context.currentSystemTimeMs()));
    }

    /**
     * Refuses the half that makes a request too large for its topic, and gives up the half that waits for it: the clip's
     * one dead letter has the reason for both.
     */
    private void requireFits(InferenceRequest request, String slot, String kind, boolean joined)
            throws ClipRefusedException {
        try {
            RecordReader.requireFits(
                    values.of(InferenceRequest.class),
                    requestTopic,
                    request,
                    "The request of clip " + ClipKey.name(request.getClip()) + " with its " + kind + " half"
                            + (joined ? " and the other one, which came first," : ""),
                    (joined ? "Neither is used. " : "") + "Send smaller pictures and less sound, or cues alone.");
        } catch (ClipRefusedException e) {
            pending.delete(slot);
            if (joined) {
                long now = context.currentSystemTimeMs();
                paired.put(slot, new SentClip(now, true, null));
                drain(ClipKey.of(request.getClip()), null, now);
            }
            throw e;
        }
    }

    /** The store key of a clip; the keys of one participant sort by sequence. */
    static String slot(String participant, long sequence) {
        return participant + "/" + String.format(Locale.ROOT, "%0" + DIGITS + "d", sequence);
    }

    /**
     * Sends a participant's requests, oldest first, and stops at the first that still has to wait.
     *
     * @param read the half that was just read; null: none
     */
    private void drain(String participant, Half read, long now) {
        List<KeyValue<String, ValueAndTimestamp<InferenceRequest>>> ready = new ArrayList<>();
        try (KeyValueIterator<String, ValueAndTimestamp<InferenceRequest>> waiting =
                pending.range(slot(participant, 0), slot(participant, Long.MAX_VALUE))) {
            while (waiting.hasNext()) {
                KeyValue<String, ValueAndTimestamp<InferenceRequest>> next = waiting.next();
                InferenceRequest request = next.value.value();
                boolean lost = read != null && read.passed(request);
                if (!whole(request) && !lost && left(next.value, now) > 0) {
                    break;
                }
                ready.add(next);
            }
        }
        for (KeyValue<String, ValueAndTimestamp<InferenceRequest>> next : ready) {
            InferenceRequest request = next.value.value();
            RequestBuilder.explainAbsence(request, waitMs);
            pending.delete(next.key);
            baselines.send(participant, request, now);
            byte[] key = participant.getBytes(StandardCharsets.UTF_8);
            context.forward(new Record<>(key, (Object) request, now), PairTopology.REQUEST_SINK);
        }
    }

    private static boolean whole(InferenceRequest request) {
        return request.getVisual() != null && request.getAudio() != null;
    }

    /**
     * How long a request still has to wait for its other half, ms. The other half of one from the split step was
     * written, however late it is read, so only the retention of its topic ends that wait.
     */
    private long left(ValueAndTimestamp<InferenceRequest> first, long now) {
        return Half.of(first.value()).clipOffset() == null
                ? waitMs - time.since(first.timestamp(), now)
                : KEPT.toMillis() - time.sinceJump(first.timestamp(), now);
    }

    /** Sends what has waited long enough. Looks only when something may have, because thousands of halves may wait. */
    private void expire(long now) {
        time.observe(now);
        boolean setBack = now < lastTick;
        lastTick = now;
        if (now < nextScan && !setBack) {
            return;
        }
        nextScan = Long.MAX_VALUE;
        Set<String> participants = new LinkedHashSet<>();
        try (KeyValueIterator<String, ValueAndTimestamp<InferenceRequest>> waiting = pending.all()) {
            while (waiting.hasNext()) {
                KeyValue<String, ValueAndTimestamp<InferenceRequest>> next = waiting.next();
                ValueAndTimestamp<InferenceRequest> first = next.value;
                if (whole(first.value())) {
                    continue; // it waits for an earlier one
                }
                long left = left(first, now);
                if (left <= 0) {
                    participants.add(next.key.substring(0, next.key.length() - DIGITS - 1));
                }
                nextScan = Math.min(nextScan, now + (left > 0 ? left : waitMs));
            }
        }
        participants.forEach(participant -> drain(participant, null, now));
    }

    private void forget(long now) {
        time.observe(now);
        List<String> old = new ArrayList<>();
        try (KeyValueIterator<String, SentClip> all = paired.all()) {
            all.forEachRemaining(entry -> {
                if (time.sinceJump(entry.value.at(), now) > MEMORY.toMillis()) {
                    old.add(entry.key);
                }
            });
        }
        old.forEach(paired::delete);
    }
}
