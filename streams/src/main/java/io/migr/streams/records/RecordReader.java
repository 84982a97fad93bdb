package io.migr.streams.records;

import io.migr.runtime.kafka.RecordSize;
import io.migr.schemas.ClipId;
import io.migr.schemas.ClipKey;
import java.nio.charset.StandardCharsets;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Serde;

/** Reads values and checks keys of records from any sender, and gives one reason for each way they can be unusable. */
public final class RecordReader {
    private RecordReader() {}

    /**
     * The value of a record.
     *
     * @param value as written; null: none
     * @throws ClipRefusedException if there is no value or it cannot be read
     */
    public static <T extends SpecificRecord> T value(Serde<T> serde, Class<T> type, String topic, byte[] value)
            throws ClipRefusedException {
        if (value == null) {
            throw new ClipRefusedException(
                    "A record without a value is not a valid " + type.getSimpleName() + ". Send one.");
        }
        try {
            return serde.deserializer().deserialize(topic, value);
        } catch (SerializationException e) {
            throw new ClipRefusedException(e.getMessage(), e);
        }
    }

    /**
     * As {@link #value}, for records of which nothing may be kept without consent: the reason says so if they cannot be
     * read.
     */
    public static <T extends SpecificRecord> T consented(Serde<T> serde, Class<T> type, String topic, byte[] value)
            throws ClipRefusedException {
        try {
            return value(serde, type, topic, value);
        } catch (ClipRefusedException e) {
            if (value == null) {
                throw e;
            }
            throw new ClipRefusedException(
                    "Whether there is consent cannot be read, so the value is not copied; " + topic
                            + " has it at the offset in the headers for as long as it keeps it. " + e.getMessage(),
                    e);
        }
    }

    /**
     * The key of all records of a clip: its call and participant.
     *
     * @throws ClipRefusedException if the clip's ids cannot be used in a key, or its sequence number is negative
     */
    public static String participant(ClipId clip) throws ClipRefusedException {
        if (clip.getSequence() < 0) {
            throw new ClipRefusedException("The clip " + ClipKey.written(clip) + " has the sequence number "
                    + clip.getSequence() + ". Number the clips of a participant from 0 on.");
        }
        try {
            return ClipKey.of(clip);
        } catch (IllegalArgumentException e) {
            throw new ClipRefusedException("The clip's ids cannot be used: " + e.getMessage(), e);
        }
    }

    /**
     * Refuses a record that migr would write and that is larger than a topic takes with what later steps add.
     *
     * @param what begins the reason, e.g. {@code The visual half of clip call/ann/0}
     * @param advice ends it
     */
    public static <T extends SpecificRecord> void requireFits(
            Serde<T> serde, String topic, T value, String what, String advice) throws ClipRefusedException {
        byte[] bytes = serde.serializer().serialize(topic, value);
        if (!RecordSize.fits(bytes)) {
            throw new ClipRefusedException(what + " would have " + bytes.length + " bytes, and " + topic + " takes "
                    + RecordSize.LARGEST_VALUE + ". " + advice);
        }
    }

    /**
     * Refuses a record of a clip whose key is not the participant's.
     *
     * @param key as written; null: none
     */
    public static void requireKey(byte[] key, ClipId clip) throws ClipRefusedException {
        String expected = participant(clip);
        String written = key == null ? null : new String(key, StandardCharsets.UTF_8);
        if (!expected.equals(written)) {
            throw new ClipRefusedException("The record of clip " + ClipKey.name(clip) + " has "
                    + (written == null ? "no key" : "the key \"" + ClipKey.quoted(written) + "\"")
                    + ". Its key must be \"" + expected
                    + "\"; otherwise it would not stay in order with the participant's other records.");
        }
    }
}
