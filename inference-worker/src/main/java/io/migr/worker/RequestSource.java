package io.migr.worker;

import io.migr.schemas.InferenceRequest;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.Deserializer;

/**
 * Provides the requests for records: reads them, or makes them again from recorded clips. Not thread-safe; it must get
 * the records of a partition in order.
 */
@FunctionalInterface
public interface RequestSource {

    /**
     * The request for a record.
     *
     * @throws IllegalArgumentException if there is none; the record becomes a dead letter with the message as reason
     * @throws org.apache.kafka.common.errors.SerializationException likewise
     */
    InferenceRequest request(ConsumerRecord<String, byte[]> record);

    /** Called before a partition is read from offset {@code next} on, for the first time or again. */
    default void begin(TopicPartition place, long next) {}

    /** The value that a record's dead letter keeps; null for none, as its headers say where the record is. */
    default byte[] kept(ConsumerRecord<String, byte[]> record) {
        return record.value();
    }

    /** A source for records that are requests themselves. */
    static RequestSource recorded(Deserializer<InferenceRequest> values) {
        return new RecordedRequests(values);
    }
}
