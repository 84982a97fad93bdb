package io.migr.streams;

import io.migr.features.ClipFeatures;
import io.migr.features.FeatureExtractor;
import io.migr.features.MediaRejectedException;
import io.migr.runtime.DeadLetters;
import io.migr.schemas.ClipKey;
import io.migr.schemas.ClipSegment;
import io.migr.schemas.Consent;
import io.migr.schemas.Topic;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * One clip in; its two halves out, or one dead letter. Consent comes first: without it nothing is decoded and the
 * dead letter has no media. A clip id that was seen within {@link #MEMORY} is a duplicate.
 */
final class SplitProcessor implements Processor<byte[], byte[], byte[], Object> {
    static final String SEEN = "seen-clips";
    static final Duration MEMORY = Duration.ofHours(1);

    private final String clips;
    private final Serde<ClipSegment> segments;
    private final FeatureExtractor extractor;
    private final ClaimCheck claimChecks;
    private ProcessorContext<byte[], Object> context;
    private KeyValueStore<String, Long> seen;

    SplitProcessor(Names names, Serde<ClipSegment> segments, FeatureExtractor extractor, ClaimCheck claimChecks) {
        clips = names.topic(Topic.CLIPS);
        this.segments = segments;
        this.extractor = extractor;
        this.claimChecks = claimChecks;
    }

    @Override
    public void init(ProcessorContext<byte[], Object> processorContext) {
        context = processorContext;
        seen = context.getStateStore(SEEN);
        context.schedule(Duration.ofMinutes(1), PunctuationType.WALL_CLOCK_TIME, this::forget);
    }

    private void forget(long now) {
        try (KeyValueIterator<String, Long> all = seen.all()) {
            all.forEachRemaining(entry -> {
                if (entry.value < now - MEMORY.toMillis()) {
                    seen.delete(entry.key);
                }
            });
        }
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
        byte[] kept = record.value();
        try {
            ClipSegment segment = decoded(record);
            String name = named(record, segment);
            if (segment.getConsent() != Consent.GRANTED) {
                segment.setMedia(null);
                kept = segments.serializer().serialize(clips, segment);
                throw new ClipRefusedException("Clip " + name + " has consent " + segment.getConsent()
                        + ". Only clips of people who have GRANTED consent are processed; its media was dropped.");
            }
            if (seen.get(name) != null) {
                throw new ClipRefusedException("Clip " + name
                        + " was sent before. Give every segment of a participant its own sequence number.");
            }
            ClipFeatures features = extractor.extract(media(segment, name));
            seen.put(name, context.currentSystemTimeMs());
            context.forward(record.withValue(Halves.visual(segment, features)), SplitTopology.VISUAL_SINK);
            context.forward(record.withValue(Halves.audio(segment, features)), SplitTopology.AUDIO_SINK);
        } catch (ClipRefusedException | MediaRejectedException e) {
            bury(record, kept, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while a clip was decoded; it is decoded again.", e);
        }
    }

    private ClipSegment decoded(Record<byte[], byte[]> record) throws ClipRefusedException {
        if (record.value() == null) {
            throw new ClipRefusedException("A record without a value is no clip. Send a ClipSegment.");
        }
        try {
            return segments.deserializer().deserialize(clips, record.value());
        } catch (SerializationException e) {
            throw new ClipRefusedException(e.getMessage(), e);
        }
    }

    private static String named(Record<byte[], byte[]> record, ClipSegment segment) throws ClipRefusedException {
        try {
            String expected = ClipKey.of(segment.getClip());
            String key = record.key() == null ? null : new String(record.key(), StandardCharsets.UTF_8);
            if (!expected.equals(key)) {
                throw new ClipRefusedException("The record of clip " + ClipKey.name(segment.getClip()) + " has "
                        + (key == null ? "no key" : "the key \"" + key + "\"") + ". Its key must be \"" + expected
                        + "\", or the segments of a participant do not stay in order.");
            }
            return ClipKey.name(segment.getClip());
        } catch (IllegalArgumentException e) {
            throw new ClipRefusedException("The clip's ids cannot be used: " + e.getMessage(), e);
        }
    }

    private byte[] media(ClipSegment segment, String name) throws ClipRefusedException {
        if (segment.getMediaReference() != null) {
            return claimChecks.fetch(segment.getMediaReference(), name);
        }
        ByteBuffer media = segment.getMedia();
        if (media == null) {
            throw new ClipRefusedException("Clip " + name + " has neither media nor a reference to it.");
        }
        byte[] bytes = new byte[media.remaining()];
        media.duplicate().get(bytes);
        return bytes;
    }

    private void bury(Record<byte[], byte[]> record, byte[] kept, Exception why) {
        RecordMetadata from = context.recordMetadata().orElseThrow();
        Record<byte[], Object> letter = record.withValue(kept);
        DeadLetters.describe(letter.headers(), why, from.topic(), from.partition(), from.offset());
        context.forward(letter, SplitTopology.DEAD_LETTER_SINK);
    }
}
