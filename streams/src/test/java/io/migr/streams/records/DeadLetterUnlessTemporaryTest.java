package io.migr.streams.records;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.migr.schemas.SchemaRegistryUnavailableException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.streams.errors.DeserializationExceptionHandler.Result;
import org.junit.jupiter.api.Test;

class DeadLetterUnlessTemporaryTest {
    @Test
    void aRecordIsReadAgainWhenTheRegistryDoesNotAnswer() {
        Result result = new DeadLetterUnlessTemporary()
                .handleError(
                        null,
                        new ConsumerRecord<>("migr.predictions", 0, 0, new byte[0], new byte[0]),
                        new SchemaRegistryUnavailableException("It answered 429.", null))
                .result();
        assertEquals(Result.FAIL, result);
    }
}
