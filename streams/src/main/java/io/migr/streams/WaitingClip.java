package io.migr.streams;

import io.migr.schemas.InferenceRequest;
import java.nio.ByteBuffer;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.Serializer;

/**
 * What the pair step stores of a clip that is not sent yet: its request so far without pictures and sound, and where the
 * halves that have them lie.
 *
 * @param visualOffset offset of the visual half, whose media is to be read from there; null: the request has all of it
 * @param audioOffset likewise of the audio half
 */
record WaitingClip(InferenceRequest request, Long visualOffset, Long audioOffset) {
    /** First byte of a stored clip; one that an earlier version stored with its media begins with Avro's 0. */
    private static final byte WITHOUT_MEDIA = 1;

    private static final long NONE = -1;

    /** The same with one more half; its media, if it has any, is removed and stays at the offset. */
    WaitingClip with(Half half, long offset) {
        Long place = half.hasMedia() ? Long.valueOf(offset) : null;
        half.removeMedia();
        half.addTo(request);
        return half.visual() != null
                ? new WaitingClip(request, place, audioOffset)
                : new WaitingClip(request, visualOffset, place);
    }

    boolean whole() {
        return request.getVisual() != null && request.getAudio() != null;
    }

    static Serde<WaitingClip> serde(Serde<InferenceRequest> requests) {
        Serializer<WaitingClip> serializer = (topic, clip) -> {
            if (clip == null) {
                return null;
            }
            byte[] request = requests.serializer().serialize(topic, clip.request);
            return ByteBuffer.allocate(1 + 2 * Long.BYTES + request.length)
                    .put(WITHOUT_MEDIA)
                    .putLong(clip.visualOffset == null ? NONE : clip.visualOffset)
                    .putLong(clip.audioOffset == null ? NONE : clip.audioOffset)
                    .put(request)
                    .array();
        };
        Deserializer<WaitingClip> deserializer = (topic, bytes) -> {
            if (bytes == null) {
                return null;
            }
            if (bytes[0] != WITHOUT_MEDIA) {
                return new WaitingClip(requests.deserializer().deserialize(topic, bytes), null, null);
            }
            ByteBuffer buffer = ByteBuffer.wrap(bytes, 1, bytes.length - 1);
            Long visual = offset(buffer);
            Long audio = offset(buffer);
            byte[] request = new byte[buffer.remaining()];
            buffer.get(request);
            return new WaitingClip(requests.deserializer().deserialize(topic, request), visual, audio);
        };
        return Serdes.serdeFrom(serializer, deserializer);
    }

    private static Long offset(ByteBuffer buffer) {
        long offset = buffer.getLong();
        return offset == NONE ? null : offset;
    }
}
