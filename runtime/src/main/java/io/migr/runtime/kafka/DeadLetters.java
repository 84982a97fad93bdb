package io.migr.runtime.kafka;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.utils.Utils;

/** Writes and reads the headers of dead letters: those that Kafka Streams itself writes, and a retry count. */
public final class DeadLetters {
    public static final String EXCEPTION = "__streams.errors.exception";
    public static final String MESSAGE = "__streams.errors.message";
    public static final String STACKTRACE = "__streams.errors.stacktrace";
    public static final String TOPIC = "__streams.errors.topic";
    public static final String PARTITION = "__streams.errors.partition";
    public static final String OFFSET = "__streams.errors.offset";

    /** How often a record was retried. The record keeps this header, and so does its next dead letter. */
    public static final String RETRIES = "migr.retries";

    private static final String ERRORS = "__streams.errors.";
    /** Characters of a reason that are kept; it may quote what a sender wrote. */
    private static final int LONGEST_REASON = 4_000;

    private static final int LONGEST_TRACE = 16_000;
    /** Bytes of a key that are kept if the whole record cannot be. */
    private static final int LONGEST_KEY = 64 << 10;

    /**
     * A dead letter, ready to be written.
     *
     * @param key null if the record had none, or one that is too large
     * @param value null if nothing may be kept, or if it is too large
     */
    public record Letter<K>(K key, byte[] value, Headers headers) {}

    private DeadLetters() {}

    /**
     * The dead letter of a record. One that would be larger than a topic takes has neither the value nor the sender's
     * headers, and its reason says so.
     *
     * @param key of the record, as bytes or text; may be null
     * @param kept what is kept of the record's value; may be null
     * @param headers those of the record that may be kept
     */
    public static <K> Letter<K> of(
            K key, byte[] kept, Headers headers, Throwable why, String topic, int partition, long offset) {
        RecordHeaders all = new RecordHeaders(headers);
        describe(all, why, topic, partition, offset);
        if (RecordSize.fits(bytes(key), kept, all)) {
            return new Letter<>(key, kept, all);
        }
        Headers ours = withoutSenders(headers);
        describe(ours, why, topic, partition, offset);
        put(
                ours,
                MESSAGE,
                cut(reason(ours), LONGEST_REASON)
                        + " The record is too large to be copied with this reason (its value has "
                        + (kept == null ? 0 : kept.length) + " bytes), so " + topic
                        + " has it at the offset in the headers for as long as it keeps it.");
        return new Letter<>(bytes(key) > LONGEST_KEY ? null : key, null, ours);
    }

    private static int bytes(Object key) {
        if (key instanceof byte[] bytes) {
            return bytes.length;
        }
        return key == null ? 0 : Utils.utf8Length(key.toString());
    }

    /** Sets the headers that record why a record failed and where it was read. */
    public static void describe(Headers headers, Throwable why, String topic, int partition, long offset) {
        StringWriter trace = new StringWriter();
        why.printStackTrace(new PrintWriter(trace, true));
        put(headers, EXCEPTION, why.getClass().getName());
        put(headers, MESSAGE, cut(String.valueOf(why.getMessage()), LONGEST_REASON));
        put(headers, STACKTRACE, cut(trace.toString(), LONGEST_TRACE));
        put(headers, TOPIC, topic);
        put(headers, PARTITION, String.valueOf(partition));
        put(headers, OFFSET, String.valueOf(offset));
    }

    private static void put(Headers headers, String name, String value) {
        headers.remove(name);
        headers.add(name, value.getBytes(StandardCharsets.UTF_8));
    }

    private static String cut(String text, int longest) {
        return text.length() <= longest ? text : text.substring(0, longest) + " ...";
    }

    /** Why a record failed, read from its headers. */
    public static String reason(Headers headers) {
        return text(headers, MESSAGE) == null ? "no reason was recorded" : text(headers, MESSAGE);
    }

    /** A header's value as text; null if there is no such header. */
    public static String text(Headers headers, String name) {
        Header header = headers.lastHeader(name);
        return header == null || header.value() == null ? null : new String(header.value(), StandardCharsets.UTF_8);
    }

    /** How often the record of a dead letter was retried. */
    public static int retries(Headers headers) {
        String count = text(headers, RETRIES);
        return count != null && count.matches("\\d{1,9}") ? Integer.parseInt(count) : 0;
    }

    /** The headers that migr itself gave a record: its retry count, if there is one. */
    public static Headers withoutSenders(Headers headers) {
        RecordHeaders ours = new RecordHeaders();
        if (retries(headers) > 0) {
            put(ours, RETRIES, String.valueOf(retries(headers)));
        }
        return ours;
    }

    /** The headers for retrying a dead letter: the record's original headers with the retry count increased by one. */
    public static Headers again(Headers headers) {
        RecordHeaders original = new RecordHeaders();
        headers.forEach(header -> {
            if (!header.key().startsWith(ERRORS)) {
                original.add(header);
            }
        });
        put(original, RETRIES, String.valueOf(retries(headers) + 1));
        return original;
    }
}
