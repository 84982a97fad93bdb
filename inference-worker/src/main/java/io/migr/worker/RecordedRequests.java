package io.migr.worker;

import io.migr.schemas.ClipKey;
import io.migr.schemas.ConsentPurpose;
import io.migr.schemas.ConsentRule;
import io.migr.schemas.InferenceRequest;
import java.time.Instant;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;

/**
 * Reads requests from their topic, live or in a replay. One whose terms of consent have ended since it was written is
 * refused, and neither it nor one that cannot be read is kept in a dead letter.
 */
record RecordedRequests(Deserializer<InferenceRequest> values) implements RequestSource {
    @Override
    public InferenceRequest request(ConsumerRecord<String, byte[]> record) {
        if (record.value() == null) {
            throw new IllegalArgumentException("A record without a value is not a request.");
        }
        InferenceRequest request = values.deserialize(record.topic(), record.value());
        ConsentRule.refusal(
                        "Clip " + ClipKey.written(request.getClip()),
                        request.getTerms(),
                        ConsentPurpose.ANALYSIS,
                        request.getCapturedAt(),
                        Instant.now())
                .ifPresent(why -> {
                    throw new IllegalArgumentException(why);
                });
        return request;
    }

    @Override
    public byte[] kept(ConsumerRecord<String, byte[]> record) {
        try {
            request(record);
            return record.value();
        } catch (SerializationException | IllegalArgumentException e) {
            return null;
        }
    }
}
