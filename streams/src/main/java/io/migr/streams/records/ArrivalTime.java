package io.migr.streams.records;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.streams.processor.TimestampExtractor;

/**
 * The time of a record for Kafka Streams: when it arrived at the broker, but never in the future. A sender may have set
 * any time, or none, if the topic was not created by migr; Kafka Streams would stop at a record without a time, and the
 * broker would refuse what is derived from one that is too far ahead.
 */
public final class ArrivalTime implements TimestampExtractor {
    @Override
    public long extract(ConsumerRecord<Object, Object> record, long before) {
        long now = System.currentTimeMillis();
        return record.timestamp() < 0 || record.timestamp() > now ? now : record.timestamp();
    }
}
