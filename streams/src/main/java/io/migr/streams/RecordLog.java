package io.migr.streams;

import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Where a record that was read before can be read again. */
interface RecordLog {
    /**
     * One record of a topic.
     *
     * @return null where it is no longer kept
     * @throws org.apache.kafka.common.errors.RetriableException when the broker does not answer now
     */
    ConsumerRecord<byte[], byte[]> read(String topic, int partition, long offset);
}
