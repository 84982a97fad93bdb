package io.migr.runtime.kafka;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;

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

    private DeadLetters() {}

    /** Sets the headers that record why a record failed and where it was read. */
    public static void describe(Headers headers, Throwable why, String topic, int partition, long offset) {
        StringWriter trace = new StringWriter();
        why.printStackTrace(new PrintWriter(trace, true));
        put(headers, EXCEPTION, why.getClass().getName());
        put(headers, MESSAGE, String.valueOf(why.getMessage()));
        put(headers, STACKTRACE, trace.toString());
        put(headers, TOPIC, topic);
        put(headers, PARTITION, String.valueOf(partition));
        put(headers, OFFSET, String.valueOf(offset));
    }

    private static void put(Headers headers, String name, String value) {
        headers.remove(name);
        headers.add(name, value.getBytes(StandardCharsets.UTF_8));
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
