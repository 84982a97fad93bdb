package io.migr.streams;

import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.kafka.common.errors.InvalidTxnStateException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.streams.errors.StreamsException;
import org.junit.jupiter.api.Test;

/** Tests which errors of a stream thread the service recovers from. */
class StreamsApplicationTest {

    private static void passes(RuntimeException cause) {
        assertSame(cause, StreamsApplication.recoverable(cause));
        assertSame(cause, StreamsApplication.recoverable(new StreamsException("wrapped", new StreamsException(cause))));
    }

    @Test
    void theServiceRecoversFromARetriableError() {
        passes(new TimeoutException("a record was not received"));
    }

    @Test
    void theServiceRecoversFromATransactionThatTheBrokerEnded() {
        // how a commit fails after the broker was unavailable; this used to stop the service
        passes(new InvalidTxnStateException("an operation in an invalid state"));
        passes(new ProducerFencedException("its epoch is over"));
    }

    @Test
    void theServiceRecoversFromADiskThatIsFull() {
        passes(new UncheckedIOException("a clip could not be decoded", new IOException("No space left on device")));
    }

    @Test
    void anErrorThatWouldRecurStopsTheService() {
        assertNull(StreamsApplication.recoverable(new StreamsException(new RecordTooLargeException("2 MB"))));
        assertNull(StreamsApplication.recoverable(new IllegalStateException("a defect")));
    }
}
