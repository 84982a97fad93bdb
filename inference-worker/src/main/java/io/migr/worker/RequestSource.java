package io.migr.worker;

import io.migr.schemas.InferenceRequest;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.Deserializer;

/**
 * Makes requests of records: reads them, or makes them anew of what they were made of. One thread uses it; it takes the
 * records of a partition in their order.
 */
@FunctionalInterface
public interface RequestSource {

    /**
     * The request of a record.
     *
     * @throws IllegalArgumentException says why the record has none; it becomes a dead letter
     * @throws org.apache.kafka.common.errors.SerializationException the same
     */
    InferenceRequest request(ConsumerRecord<String, byte[]> record);

    /** Told before a partition is read from an offset on, be it again. */
    default void begin(TopicPartition place, long next) {}

    /** What a dead letter keeps of a record's value; null: nothing, the record is found where its headers say. */
    default byte[] kept(ConsumerRecord<String, byte[]> record) {
        return record.value();
    }

    /** Reads records that are requests. */
    static RequestSource recorded(Deserializer<InferenceRequest> values) {
        return record -> {
            if (record.value() == null) {
                throw new IllegalArgumentException("A record without a value is no request.");
            }
            return values.deserialize(record.topic(), record.value());
        };
    }
}
