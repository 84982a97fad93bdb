package io.migr.streams.records;

import io.migr.runtime.kafka.DeadLetters;
import io.migr.schemas.ClipId;
import io.migr.schemas.ClipKey;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.processor.api.Record;

/**
 * The record by which the split step tells the pair step, in the visual half's place, that a clip was refused for want
 * of consent: the participant's key, no value, and the clip's sequence number in a header.
 */
public final class ConsentEnded {
    /** The header with the sequence number of the refused clip, in decimal digits. */
    public static final String SEQUENCE = "migr.consent.ended";

    private ConsentEnded() {}

    /** The record about a clip; empty if its ids cannot be used, so that nothing can be known of its participant. */
    public static Optional<Record<byte[], Object>> of(ClipId clip, long timestamp) {
        if (!ClipKey.usable(clip)) {
            return Optional.empty();
        }
        RecordHeaders headers = new RecordHeaders();
        headers.add(SEQUENCE, bytes(String.valueOf(clip.getSequence())));
        return Optional.of(new Record<>(bytes(ClipKey.of(clip)), null, timestamp, headers));
    }

    /** The clip that a record without a value is about; empty if it is no such record, or its key names nobody. */
    public static Optional<ClipId> clip(byte[] key, Headers headers) {
        String sequence = DeadLetters.text(headers, SEQUENCE);
        if (key == null || sequence == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(ClipKey.parse(new String(key, StandardCharsets.UTF_8) + "/" + sequence));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
