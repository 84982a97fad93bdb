package io.migr.streams.records;

import io.migr.runtime.kafka.DeadLetters;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;

/**
 * Where a processor sends the records that it cannot use, each with the reason in its headers.
 *
 * @param sink name of the sink in the topology
 */
public record DeadLetterSink(ProcessorContext<byte[], Object> context, String sink) {

    /** Sends the record that is being processed. */
    public void send(Record<byte[], byte[]> record, Exception why) {
        send(record, record.value(), why);
    }

    /**
     * Sends the record that is being processed with another value and, if it is another one, without the sender's
     * headers.
     *
     * @param kept what may be kept of the record's value; null: nothing, the headers say where the record is
     */
    public void send(Record<byte[], byte[]> record, byte[] kept, Exception why) {
        RecordMetadata from = context.recordMetadata().orElseThrow();
        // what may not be kept of the value may not be kept of the sender's headers either
        Headers headers = kept == record.value() ? record.headers() : DeadLetters.withoutSenders(record.headers());
        forward(DeadLetters.of(record.key(), kept, headers, why, from.topic(), from.partition(), from.offset()));
    }

    /** Sends a record that was processed before, with its own headers, so that its retry count is kept. */
    public void send(ConsumerRecord<byte[], byte[]> record, Exception why) {
        forward(DeadLetters.of(
                record.key(),
                record.value(),
                record.headers(),
                why,
                record.topic(),
                record.partition(),
                record.offset()));
    }

    private void forward(DeadLetters.Letter<byte[]> letter) {
        long now = context.currentSystemTimeMs();
        context.forward(new Record<>(letter.key(), (Object) letter.value(), now, letter.headers()), sink);
    }
}
