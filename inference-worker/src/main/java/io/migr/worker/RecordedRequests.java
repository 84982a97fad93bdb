package io.migr.worker;

import io.migr.schemas.ClipId;
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
 * refused, and neither it nor one that cannot be read is kept in a dead letter. One whose ids cannot be used or whose key
 * is not its participant's is refused, because its results would have this key.
 */
record RecordedRequests(Deserializer<InferenceRequest> values) implements RequestSource {
    @Override
    public InferenceRequest request(ConsumerRecord<String, byte[]> record) {
        InferenceRequest request = permitted(record);
        ClipId clip = request.getClip();
        if (clip.getSequence() < 0) {
            throw new IllegalArgumentException("The request of clip " + ClipKey.written(clip)
                    + " has a negative sequence number. Number the clips of a participant from 0 on.");
        }
        String expected = ClipKey.of(clip);
        if (!expected.equals(record.key())) {
            throw new IllegalArgumentException("The request of clip " + ClipKey.name(clip) + " has "
                    + (record.key() == null ? "no key" : "the key \"" + ClipKey.quoted(record.key()) + "\"")
                    + ". Its key must be \"" + expected + "\", which its results have, too.");
        }
        return request;
    }

    private InferenceRequest permitted(ConsumerRecord<String, byte[]> record) {
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
            permitted(record);
            return record.value();
        } catch (SerializationException | IllegalArgumentException e) {
            return null;
        }
    }
}
