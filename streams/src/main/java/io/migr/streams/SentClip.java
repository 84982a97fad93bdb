package io.migr.streams;

import io.migr.schemas.BaselineClip;
import java.nio.ByteBuffer;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.Serializer;

/**
 * What the pair step remembers of a clip for an hour.
 *
 * @param at wall-clock time at which its request was sent, or consent for it was found missing, ms since the epoch
 * @param sent whether its request was sent
 * @param numbers what it adds to the baseline of its participant; null: nothing, or no longer needed
 */
record SentClip(long at, boolean sent, BaselineClip numbers) {
    SentClip withoutNumbers() {
        return new SentClip(at, sent, null);
    }

    /**
     * Eight bytes with the time, negative if it was not sent, then the numbers. Without numbers that is what earlier
     * versions stored.
     */
    static Serde<SentClip> serde(Serde<BaselineClip> numbers) {
        Serializer<SentClip> serializer = (topic, clip) -> {
            if (clip == null) {
                return null;
            }
            byte[] rest =
                    clip.numbers == null ? new byte[0] : numbers.serializer().serialize(topic, clip.numbers);
            return ByteBuffer.allocate(Long.BYTES + rest.length)
                    .putLong(clip.sent ? clip.at : -clip.at)
                    .put(rest)
                    .array();
        };
        Deserializer<SentClip> deserializer = (topic, bytes) -> {
            if (bytes == null) {
                return null;
            }
            ByteBuffer buffer = ByteBuffer.wrap(bytes);
            long at = buffer.getLong();
            byte[] rest = new byte[buffer.remaining()];
            buffer.get(rest);
            return new SentClip(
                    Math.abs(at),
                    at >= 0,
                    rest.length == 0 ? null : numbers.deserializer().deserialize(topic, rest));
        };
        return Serdes.serdeFrom(serializer, deserializer);
    }
}
