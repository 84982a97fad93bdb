package io.migr.streams;

import io.migr.features.ClipFeatures;
import io.migr.features.FeatureExtractor;
import io.migr.features.MediaRejectedException;
import io.migr.schemas.ClipKey;
import io.migr.schemas.ClipSegment;
import io.migr.schemas.Consent;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Serde;

/**
 * Reads clips from records and extracts their features, for live processing and replay alike.
 *
 * @param topic the clips' topic
 */
record ClipReader(String topic, Serde<ClipSegment> segments, FeatureExtractor extractor, ClaimCheck claimChecks) {

    /**
     * The clip in a record, after checking its ids and its key. Consent is not checked here.
     *
     * @param key as written; may be null
     * @param value as written; may be null
     * @throws ClipRefusedException if the record is not a clip, or its ids or key cannot be used
     */
    ClipSegment segment(byte[] key, byte[] value) throws ClipRefusedException {
        if (value == null) {
            throw new ClipRefusedException("A record without a value is not a clip. Send a ClipSegment.");
        }
        ClipSegment segment;
        try {
            segment = segments.deserializer().deserialize(topic, value);
        } catch (SerializationException e) {
            throw new ClipRefusedException(e.getMessage(), e);
        }
        requireKey(key, segment);
        return segment;
    }

    private static void requireKey(byte[] written, ClipSegment segment) throws ClipRefusedException {
        try {
            String expected = ClipKey.of(segment.getClip());
            String key = written == null ? null : new String(written, StandardCharsets.UTF_8);
            if (!expected.equals(key)) {
                throw new ClipRefusedException("The record of clip " + ClipKey.name(segment.getClip()) + " has "
                        + (key == null ? "no key" : "the key \"" + key + "\"") + ". Its key must be \"" + expected
                        + "\"; otherwise a participant's segments would not stay in order.");
            }
        } catch (IllegalArgumentException e) {
            throw new ClipRefusedException("The clip's ids cannot be used: " + e.getMessage(), e);
        }
    }

    static boolean agreed(ClipSegment segment) {
        return segment.getConsent() == Consent.GRANTED;
    }

    /** Checks consent; must be called before the media is read. */
    static void requireConsent(ClipSegment segment) throws ClipRefusedException {
        if (!agreed(segment)) {
            throw new ClipRefusedException(
                    "Clip " + ClipKey.name(segment.getClip()) + " has consent " + segment.getConsent()
                            + ". Only clips of people who have GRANTED consent are processed; its media was dropped.");
        }
    }

    static ClipRefusedException sentBefore(ClipSegment segment) {
        return new ClipRefusedException("Clip " + ClipKey.name(segment.getClip())
                + " was sent before. Give every segment of a participant its own sequence number.");
    }

    ClipFeatures features(ClipSegment segment)
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
