package io.migr.cli.feed;

import io.migr.embedded.EnvironmentException;
import io.migr.features.SegmentCutter.Segment;
import io.migr.runtime.kafka.KafkaClients;
import io.migr.schemas.ClipId;
import io.migr.schemas.ClipKey;
import io.migr.schemas.ClipSegment;
import io.migr.schemas.Consent;
import io.migr.schemas.ConsentTerms;
import io.migr.schemas.Topic;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.Serializer;

/** Sends segments as clips to the broker. */
public final class Feeder implements AutoCloseable {
    private final String topic;
    private final Serializer<ClipSegment> values;
    private final Producer<String, byte[]> producer;

    public Feeder(KafkaClients clients) {
        topic = clients.name(Topic.CLIPS);
        values = clients.serde(ClipSegment.class).serializer();
        producer = clients.producer(null);
    }

    /** Sends a segment as a clip without terms; the future completes when all in-sync replicas have it. */
    public Future<RecordMetadata> send(ClipId clip, Segment segment, Consent consent) {
        return send(clip, segment, consent, null);
    }

    private Future<RecordMetadata> send(ClipId clip, Segment segment, Consent consent, ConsentTerms terms) {
        ClipSegment value = ClipSegment.newBuilder()
                .setClip(clip)
                .setStartMs(segment.startMs())
                .setDurationMs(segment.durationMs())
                .setCapturedAt(Instant.now())
                .setMediaType(segment.mediaType())
                .setMedia(ByteBuffer.wrap(segment.media()))
                .setConsent(consent)
                .setTerms(terms)
                .build();
        return producer.send(new ProducerRecord<>(topic, ClipKey.of(clip), values.serialize(topic, value)));
    }

    /** As {@link #deliver(ClipId, Segment, Consent, ConsentTerms)}, without terms. */
    public void deliver(ClipId clip, Segment segment, Consent consent) throws InterruptedException {
        deliver(clip, segment, consent, null);
    }

    /**
     * Sends a segment and waits for the acknowledgement.
     *
     * @param terms null: none
     * @throws EnvironmentException if the broker rejects the clip
     */
    public void deliver(ClipId clip, Segment segment, Consent consent, ConsentTerms terms) throws InterruptedException {
        try {
            send(clip, segment, consent, terms).get();
        } catch (ExecutionException e) {
            throw new EnvironmentException(
                    "Clip " + ClipKey.name(clip) + " was rejected by the broker: "
                            + e.getCause().getMessage(),
                    e.getCause());
        }
    }

    @Override
    public void close() {
        producer.close();
    }
}
