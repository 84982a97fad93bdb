package io.migr.trainer.round;

import io.migr.schemas.OffsetRange;

/**
 * A range of offsets in one partition.
 *
 * @param from first offset
 * @param to offset after the last
 */
public record ExampleRange(String topic, int partition, long from, long to) {
    static ExampleRange of(OffsetRange range) {
        return new ExampleRange(range.getTopic(), range.getPartition(), range.getFrom(), range.getTo());
    }

    OffsetRange avro() {
        return new OffsetRange(topic, partition, from, to);
    }

    @Override
    public String toString() {
        return topic + " " + partition + ": " + from + " to " + (to - 1);
    }
}
