package io.migr.streams;

import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import org.apache.kafka.common.errors.InvalidTxnStateException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.streams.errors.StreamsException;
import org.junit.jupiter.api.Test;

/** What a stream thread's end means for the service. */
class StreamsApplicationTest {

    private static void passes(RuntimeException cause) {
        assertSame(cause, StreamsApplication.passing(cause));
        assertSame(cause, StreamsApplication.passing(new StreamsException("wrapped", new StreamsException(cause))));
    }

    @Test
    void whatCanBeTriedAgainPasses() {
        passes(new TimeoutException("a record did not come"));
    }

    @Test
    void aTransactionThatTheBrokerEndedPasses() {
        // as a commit ends after the broker was away: the service died of it
        passes(new InvalidTxnStateException("an operation in an invalid state"));
        passes(new ProducerFencedException("its epoch is over"));
    }

    @Test
    void whatWouldComeAgainStopsTheService() {
        assertNull(StreamsApplication.passing(new StreamsException(new RecordTooLargeException("2 MB"))));
        assertNull(StreamsApplication.passing(new IllegalStateException("a defect")));
    }
}
