package io.migr.streams;

import io.migr.features.ClipFeatures;
import io.migr.features.FeatureExtractor;
import io.migr.features.MediaRejectedException;
import io.migr.schemas.ClipKey;
import io.migr.schemas.ClipSegment;
import io.migr.schemas.ConsentRule;
import io.migr.streams.records.ClipRefusedException;
import io.migr.streams.records.RecordReader;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.apache.kafka.common.serialization.Serde;

/**
 * Reads clips from records and extracts their features, for live processing and replay alike. Call its methods in the
 * order of their declaration, so that consent is known before anything else is looked at.
 *
 * @param topic the clips' topic
 */
public record ClipReader(
        String topic, Serde<ClipSegment> segments, FeatureExtractor extractor, ClaimCheck claimChecks) {
    /** How long a clip's id is remembered; a clip with the same id within this time is a duplicate. */
    public static final Duration MEMORY = Duration.ofHours(1);

    /**
     * The clip in a record; nothing about it is checked.
     *
     * @param value as written; may be null
     * @throws ClipRefusedException if the record is not a clip; then nothing of its value may be kept
     */
    public ClipSegment segment(byte[] value) throws ClipRefusedException {
        return RecordReader.consented(segments, ClipSegment.class, topic, value);
    }

    /**
     * Why a clip must not be processed; empty if it may be.
     *
     * @param now when it is processed
     */
    public static Optional<String> refusal(ClipSegment segment, Instant now) {
        String subject = "Clip " + ClipKey.written(segment.getClip());
        return ConsentRule.refusal(subject, segment.getConsent(), segment.getTerms(), segment.getCapturedAt(), now);
    }

    /** A refused clip as bytes, with neither its media nor a reference to it. */
    byte[] withoutMedia(ClipSegment segment) {
        ClipSegment bare = ClipSegment.newBuilder(segment)
                .setMedia(null)
                .setMediaReference(null)
                .build();
        return segments.serializer().serialize(topic, bare);
    }

    /** Refuses a clip that must not be processed. */
    public static void requireConsent(ClipSegment segment, Instant now) throws ClipRefusedException {
        Optional<String> refusal = refusal(segment, now);
        if (refusal.isPresent()) {
            throw new ClipRefusedException(refusal.get());
        }
    }

    /**
     * Refuses a clip whose ids or key cannot be used.
     *
     * @param key as written; may be null
     */
    public static void requireKey(byte[] key, ClipSegment segment) throws ClipRefusedException {
        RecordReader.requireKey(key, segment.getClip());
    }

    /** The reason for refusing a duplicate. */
    public static ClipRefusedException sentBefore(ClipSegment segment) {
        return new ClipRefusedException("Clip " + ClipKey.name(segment.getClip())
                + " was sent before, so it is not analysed again. If this is another segment, give it a sequence number"
                + " of its own.");
    }

    /**
     * Decodes the clip's media and extracts its features.
     *
     * @throws ClipRefusedException if there is no media, or its reference cannot be used
     * @throws MediaRejectedException if the media cannot be decoded within the limits
     */
    public ClipFeatures features(ClipSegment segment)
            throws ClipRefusedException, MediaRejectedException, InterruptedException {
        return extractor.extract(media(segment));
    }

    private byte[] media(ClipSegment segment) throws ClipRefusedException {
        String name = ClipKey.name(segment.getClip());
        if (segment.getMediaReference() != null) {
            return claimChecks.fetch(segment.getMediaReference(), name);
        }
        ByteBuffer media = segment.getMedia();
        if (media == null) {
            throw new ClipRefusedException(
                    "Clip " + name + " has neither media nor a reference to it. Set media or mediaReference.");
        }
        byte[] bytes = new byte[media.remaining()];
        media.duplicate().get(bytes);
        return bytes;
    }
}
