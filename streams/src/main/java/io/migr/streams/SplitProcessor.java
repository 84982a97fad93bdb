package io.migr.streams;

import io.migr.features.ClipFeatures;
import io.migr.features.MediaRejectedException;
import io.migr.perception.ClipPerception;
import io.migr.schemas.AudioFeatures;
import io.migr.schemas.ClipKey;
import io.migr.schemas.ClipSegment;
import io.migr.schemas.VisualFeatures;
import io.migr.streams.records.ClipRefusedException;
import io.migr.streams.records.ConsentEnded;
import io.migr.streams.records.DeadLetterSink;
import java.time.Duration;
import java.time.Instant;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * Splits each clip into its visual and its audio half and measures them, or writes one dead letter. Consent is checked
 * before anything else: without it nothing is decoded and the dead letter has no media, whatever else is wrong with the
 * record; where consent cannot be read the dead letter has no value. The pair step learns of it ({@link ConsentEnded}),
 * so that it keeps nothing of the person's earlier clips. A clip id that was seen within {@link ClipReader#MEMORY} is a
 * duplicate. What the halves carry of the media is decided here, once for all steps after this one.
 */
final class SplitProcessor implements Processor<byte[], byte[], byte[], Object> {
    static final String SEEN = "seen-clips";

    private final ClipReader reader;
    private final ClipPerception perception;
    private final boolean carriesMedia;
    private ProcessorContext<byte[], Object> context;
    private DeadLetterSink deadLetters;
    private KeyValueStore<String, Long> seen;

    /**
     * Creates a processor.
     *
     * @param carriesMedia whether the halves hold pictures and sound, or only what was measured in them
     */
    SplitProcessor(ClipReader reader, ClipPerception perception, boolean carriesMedia) {
        this.reader = reader;
        this.perception = perception;
        this.carriesMedia = carriesMedia;
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
            Instant now = Instant.ofEpochMilli(context.currentSystemTimeMs());
            boolean permitted = ClipReader.refusal(segment, now).isEmpty();
            kept = permitted ? record.value() : reader.withoutMedia(segment);
            if (!permitted) {
                ConsentEnded.of(segment.getClip(), record.timestamp())
                        .ifPresent(ended -> context.forward(ended, SplitTopology.VISUAL_SINK));
            }
            ClipReader.requireConsent(segment, now);
            ClipReader.requireKey(record.key(), segment);
            String name = ClipKey.name(segment.getClip());
            if (seen.get(name) != null) {
                throw ClipReader.sentBefore(segment);
            }
            ClipFeatures features = reader.features(segment);
            VisualFeatures visual = FeatureRecords.visual(segment, features, perception, carriesMedia);
            AudioFeatures audio = FeatureRecords.audio(segment, features, perception, carriesMedia);
            long offset = context.recordMetadata().orElseThrow().offset();
            visual.setClipOffset(offset);
            audio.setClipOffset(offset);
            seen.put(name, context.currentSystemTimeMs());
            context.forward(record.withValue(visual), SplitTopology.VISUAL_SINK);
            context.forward(record.withValue(audio), SplitTopology.AUDIO_SINK);
        } catch (ClipRefusedException | MediaRejectedException e) {
            deadLetters.send(record, kept, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while decoding a clip; it will be decoded again.", e);
        }
    }
}
