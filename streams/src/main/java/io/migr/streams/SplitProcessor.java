package io.migr.streams;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.migr.features.ClipFeatures;
import io.migr.features.MediaRejectedException;
import io.migr.perception.ClipPerception;
import io.migr.runtime.kafka.DeadLetters;
import io.migr.schemas.AudioFeatures;
import io.migr.schemas.ClipKey;
import io.migr.schemas.ClipSegment;
import io.migr.schemas.Topic;
import io.migr.schemas.VisualFeatures;
import io.migr.streams.records.ClipRefusedException;
import io.migr.streams.records.ConsentEnded;
import io.migr.streams.records.DeadLetterSink;
import io.migr.streams.records.RecordReader;
import io.migr.streams.records.TopicNames;
import io.migr.streams.records.ValueSerdes;
import java.time.Duration;
import java.time.Instant;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Splits each clip into its visual and its audio half and measures them, or writes one dead letter. Consent is checked
 * before anything else: without it nothing is decoded and the dead letter has no media, whatever else is wrong with the
 * record; where consent cannot be read the dead letter has no value. The pair step learns of it ({@link ConsentEnded}),
 * so that it keeps nothing of the person's earlier clips. A clip id that was split within {@link ClipReader#MEMORY} is a
 * duplicate: it is counted, and nothing is written, because the clip is answered already. What the halves carry of the
 * media is decided here, once for all steps after this one.
 */
final class SplitProcessor implements Processor<byte[], byte[], byte[], Object> {
    static final String SEEN = "seen-clips";
    /** Counts clips whose id was split before. */
    static final String DUPLICATES = "migr.streams.duplicates";

    private static final Logger LOG = LoggerFactory.getLogger(SplitProcessor.class);

    private final ClipReader reader;
    private final ClipPerception perception;
    private final boolean carriesMedia;
    private final ValueSerdes values;
    private final TopicNames names;
    private final Counter duplicates;
    private ProcessorContext<byte[], Object> context;
    private DeadLetterSink deadLetters;
    private KeyValueStore<String, Long> seen;

    /**
     * Creates a processor.
     *
     * @param carriesMedia whether the halves hold pictures and sound, or only what was measured in them
     */
    SplitProcessor(
            ClipReader reader,
            ClipPerception perception,
            boolean carriesMedia,
            TopicNames names,
            ValueSerdes values,
            MeterRegistry metrics) {
        this.reader = reader;
        this.perception = perception;
        this.carriesMedia = carriesMedia;
        this.names = names;
        this.values = values;
        duplicates = metrics.counter(DUPLICATES);
    }

    @Override
    public void init(ProcessorContext<byte[], Object> processorContext) {
        context = processorContext;
        deadLetters = new DeadLetterSink(context, SplitTopology.DEAD_LETTER_SINK);
        seen = context.getStateStore(SEEN);
        context.schedule(Duration.ofMinutes(1), PunctuationType.WALL_CLOCK_TIME, this::forget);
    }

    private void forget(long now) {
        try (KeyValueIterator<String, Long> all = seen.all()) {
            all.forEachRemaining(entry -> {
                if (entry.value < now - ClipReader.MEMORY.toMillis()) {
                    seen.delete(entry.key);
                }
            });
        }
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
        byte[] kept = null;
        try {
            ClipSegment segment = reader.segment(record.value());
            long nowMs = context.currentSystemTimeMs();
            Instant now = Instant.ofEpochMilli(nowMs);
            boolean permitted = ClipReader.refusal(segment, now).isEmpty();
            kept = permitted ? record.value() : reader.withoutMedia(segment);
            if (!permitted) {
                ConsentEnded.of(segment.getClip(), nowMs)
                        .ifPresent(ended -> context.forward(ended, SplitTopology.VISUAL_SINK));
            }
            ClipReader.requireConsent(segment, now);
            ClipReader.requireKey(record.key(), segment);
            String name = ClipKey.name(segment.getClip());
            if (seen.get(name) != null) {
                duplicates.increment();
                LOG.info("{}", ClipReader.sentBefore(segment).getMessage());
                return;
            }
            ClipFeatures features = reader.features(segment);
            VisualFeatures visual = visual(segment, features);
            AudioFeatures audio = audio(segment, features);
            long offset = context.recordMetadata().orElseThrow().offset();
            visual.setClipOffset(offset);
            audio.setClipOffset(offset);
            requireFits(VisualFeatures.class, Topic.VISUAL_FEATURES, visual, "The visual half of clip " + name);
            requireFits(AudioFeatures.class, Topic.AUDIO_FEATURES, audio, "The audio half of clip " + name);
            seen.put(name, nowMs);
            // not the sender's time or headers: retention counts from now, and headers are of any size
            Headers headers = DeadLetters.withoutSenders(record.headers());
            context.forward(new Record<>(record.key(), (Object) visual, nowMs, headers), SplitTopology.VISUAL_SINK);
            context.forward(new Record<>(record.key(), (Object) audio, nowMs, headers), SplitTopology.AUDIO_SINK);
        } catch (ClipRefusedException | MediaRejectedException e) {
            deadLetters.send(record, kept, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while decoding a clip; it will be decoded again.", e);
        }
    }

    private VisualFeatures visual(ClipSegment segment, ClipFeatures features) throws ClipRefusedException {
        try {
            return FeatureRecords.visual(segment, features, perception, carriesMedia);
        } catch (RuntimeException e) {
            throw unmeasured("face", segment, e);
        }
    }

    private AudioFeatures audio(ClipSegment segment, ClipFeatures features) throws ClipRefusedException {
        try {
            return FeatureRecords.audio(segment, features, perception, carriesMedia);
        } catch (RuntimeException e) {
            throw unmeasured("voice", segment, e);
        }
    }

    private static ClipRefusedException unmeasured(String what, ClipSegment segment, RuntimeException e) {
        return new ClipRefusedException(
                "The " + what + " in clip " + ClipKey.name(segment.getClip()) + " cannot be measured (" + e
                        + "). The clip is kept with this dead letter: report it as an error of migr.",
                e);
    }

    private <T extends SpecificRecord> void requireFits(Class<T> type, Topic topic, T half, String what)
            throws ClipRefusedException {
        RecordReader.requireFits(
                values.of(type), names.topic(topic), half, what, "Send shorter clips, or set features.carry=cues.");
    }
}
