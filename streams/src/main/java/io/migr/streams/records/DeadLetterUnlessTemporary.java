package io.migr.streams.records;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.streams.errors.ErrorHandlerContext;
import org.apache.kafka.streams.errors.LogAndContinueExceptionHandler;

/**
 * Makes a dead letter of a record that Kafka Streams cannot read, as its parent does, unless the reason is temporary, such
 * as a schema registry that does not answer: then the record is read again.
 */
public final class DeadLetterUnlessTemporary extends LogAndContinueExceptionHandler {
    @Override
    public Response handleError(
            ErrorHandlerContext context, ConsumerRecord<byte[], byte[]> record, Exception exception) {
        return exception instanceof RetriableException
                ? Response.fail()
                : super.handleError(context, record, exception);
    }
}
