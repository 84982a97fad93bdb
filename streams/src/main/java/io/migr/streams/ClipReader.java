package io.migr.streams;

import io.migr.features.ClipFeatures;
import io.migr.features.FeatureExtractor;
import io.migr.features.MediaRejectedException;
import io.migr.schemas.ClipKey;
import io.migr.schemas.ClipSegment;
import io.migr.schemas.Consent;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.apache.kafka.common.serialization.Serde;

/**
 * Reads clips from records and extracts their features, for live processing and replay alike.
 *
 * @param topic the clips' topic
 */
public record ClipReader(
        String topic, Serde<ClipSegment> segments, FeatureExtractor extractor, ClaimCheck claimChecks) {
    /** How long a clip's id is remembered; a clip with the same id within this time is a duplicate. */
    public static final Duration MEMORY = Duration.ofHours(1);

    /**
     * The clip in a record, after checking its ids and its key. Consent is not checked here.
     *
     * @param key as written; may be null
     * @param value as written; may be null
     * @throws ClipRefusedException if the record is not a clip, or its ids or key cannot be used
     */
    public ClipSegment segment(byte[] key, byte[] value) throws ClipRefusedException {
        ClipSegment segment = RecordReader.value(segments, ClipSegment.class, topic, value);
        RecordReader.requireKey(key, segment.getClip());
        return segment;
    }

    /** Whether the participant has consented. */
    public static boolean agreed(ClipSegment segment) {
        return segment.getConsent() == Consent.GRANTED;
    }

    /** Checks consent; must be called before the media is read. */
    public static void requireConsent(ClipSegment segment) throws ClipRefusedException {
        if (!agreed(segment)) {
            throw new ClipRefusedException(
                    "Clip " + ClipKey.name(segment.getClip()) + " has consent " + segment.getConsent()
                            + ". Only clips of people who have GRANTED consent are processed; its media was dropped.");
        }
    }

    /** The reason for refusing a duplicate. */
    public static ClipRefusedException sentBefore(ClipSegment segment) {
        return new ClipRefusedException("Clip " + ClipKey.name(segment.getClip())
                + " was sent before. Give every segment of a participant its own sequence number.");
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
