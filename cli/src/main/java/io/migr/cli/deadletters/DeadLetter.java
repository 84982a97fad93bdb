package io.migr.cli.deadletters;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.migr.runtime.kafka.DeadLetters;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Locale;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * A dead letter and whether it can be retried.
 *
 * @param record the record of the dead letter topic
 * @param state its current state
 * @param because why it is not {@link State#OPEN}, as a sentence; null if it is open
 */
public record DeadLetter(ConsumerRecord<byte[], byte[]> record, State state, String because) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Whether a dead letter can be retried, and if not, why. */
    enum State {
        /** Can be sent again. */
        OPEN,
        /** Was sent again; if that failed, there is a new dead letter. */
        RETRIED,
        /** Reached the maximum number of retries. */
        QUARANTINED,
        /** Contains nothing that could be sent. */
        FINAL;

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** {@code partition:offset} in the dead letter topic. */
    public String id() {
        return id(record);
    }

    /** The id of a record of the dead letter topic. */
    public static String id(ConsumerRecord<byte[], byte[]> record) {
        return record.partition() + ":" + record.offset();
    }

    /** The key of the original record; null if it has none. */
    public String key() {
        return record.key() == null ? null : new String(record.key(), StandardCharsets.UTF_8);
    }

    /** The topic of the original record; null if the headers do not name it. */
    public String topic() {
        return DeadLetters.text(record.headers(), DeadLetters.TOPIC);
    }

    public String reason() {
        return DeadLetters.reason(record.headers());
    }

    public int retries() {
        return DeadLetters.retries(record.headers());
    }

    public Instant time() {
        return Instant.ofEpochMilli(record.timestamp());
    }

    private int bytes() {
        return record.value() == null ? 0 : record.value().length;
    }

    /** Two lines for terminals, or three if it is not open. */
    public String text() {
        return id() + "  " + time() + "  " + topic() + "  " + key() + "  " + state.word()
                + (retries() > 0 ? " after " + retries() + " retries" : "") + "\n    " + reason()
                + (because == null ? "" : "\n    " + because);
    }

    /** All details, as {@code show} prints them; without the media. */
    String details() {
        return text() + "\n    original  " + topic() + " "
                + DeadLetters.text(record.headers(), DeadLetters.PARTITION) + ":"
                + DeadLetters.text(record.headers(), DeadLetters.OFFSET) + ", " + bytes() + " bytes\n"
                + DeadLetters.text(record.headers(), DeadLetters.STACKTRACE);
    }

    ObjectNode json() {
        return JSON.createObjectNode()
                .put("id", id())
                .put("time", time().toString())
                .put("topic", topic())
                .put("key", key())
                .put("reason", reason())
                .put("state", state.word())
                .put("because", because)
                .put("retries", retries())
                .put("bytes", bytes());
    }

    ObjectNode detailsJson() {
        return json().put("partition", DeadLetters.text(record.headers(), DeadLetters.PARTITION))
                .put("offset", DeadLetters.text(record.headers(), DeadLetters.OFFSET))
                .put("exception", DeadLetters.text(record.headers(), DeadLetters.EXCEPTION))
                .put("stacktrace", DeadLetters.text(record.headers(), DeadLetters.STACKTRACE));
    }
}
