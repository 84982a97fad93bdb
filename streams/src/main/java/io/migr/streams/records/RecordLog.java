package io.migr.streams.records;

import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Reads single records, which were consumed before, again by their offset. */
public interface RecordLog {
    /**
     * One record of a topic.
     *
     * @return null if the record is no longer kept
     * @throws org.apache.kafka.common.errors.RetriableException if the broker does not answer at the moment
     */
    ConsumerRecord<byte[], byte[]> read(String topic, int partition, long offset);
}
