package io.migr.streams;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.migr.streams.records.ArrivalTime;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;

class ArrivalTimeTest {
    private static long extracted(long timestamp) {
        return new ArrivalTime()
                .extract(
                        new ConsumerRecord<>(
                                "topic",
                                0,
                                0,
                                timestamp,
                                TimestampType.CREATE_TIME,
                                0,
                                0,
                                null,
                                null,
                                new RecordHeaders(),
                                Optional.empty()),
                        5);
    }

    @Test
    void timesOfTheFutureAndNoneAreNow() {
        long before = System.currentTimeMillis();
        for (long timestamp : new long[] {-1, Long.MIN_VALUE, Long.MAX_VALUE, before + 3_600_000}) {
            long now = extracted(timestamp);
            assertTrue(now >= before && now <= System.currentTimeMillis(), timestamp + " became " + now);
        }
        assertEquals(1_000, extracted(1_000));
    }
}
