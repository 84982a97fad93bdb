package io.migr.runtime;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;

/** Dead letters with the headers that Kafka Streams itself writes. */
public final class DeadLetters {
    public static final String EXCEPTION = "__streams.errors.exception";
    public static final String MESSAGE = "__streams.errors.message";
    public static final String STACKTRACE = "__streams.errors.stacktrace";
    public static final String TOPIC = "__streams.errors.topic";
    public static final String PARTITION = "__streams.errors.partition";
    public static final String OFFSET = "__streams.errors.offset";

    private DeadLetters() {}

    /**
     * A dead letter of a record.
     *
     * @param value the original bytes, or null where they must not be kept
     */
    public static ProducerRecord<byte[], byte[]> of(
            String deadLetterTopic, byte[] key, byte[] value, Throwable why, String topic, int partition, long offset) {
        ProducerRecord<byte[], byte[]> letter = new ProducerRecord<>(deadLetterTopic, key, value);
        describe(letter.headers(), why, topic, partition, offset);
        return letter;
    }

    /** Adds the headers. */
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

    /** Why a record died, from its headers. */
    public static String reason(Headers headers) {
        Header message = headers.lastHeader(MESSAGE);
        return message == null ? "no reason was recorded" : new String(message.value(), StandardCharsets.UTF_8);
    }
}
