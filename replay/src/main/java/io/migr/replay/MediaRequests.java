package io.migr.replay;

import io.migr.features.FeatureExtractor;
import io.migr.runtime.config.Configuration;
import io.migr.runtime.kafka.KafkaClients;
import io.migr.schemas.InferenceRequest;
import io.migr.streams.records.ClipRefusedException;
import io.migr.worker.RequestSource;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/** Makes the requests of a replay from recorded clips. Its dead letters contain no copy of the media. */
public final class MediaRequests implements RequestSource, AutoCloseable {
    private final RecordedClips clips;

    /**
     * Creates a source of requests.
     *
     * @param configuration names the store of media that clips only refer to, and how long one modality of a clip waits
     *     for the other
     * @param extractor makes features from media
     */
    public MediaRequests(Configuration configuration, KafkaClients clients, FeatureExtractor extractor) {
        clips = new RecordedClips(configuration, clients, extractor);
    }

    @Override
    public void begin(TopicPartition place, long next) {
        clips.begin(place, next);
    }

    @Override
    public InferenceRequest request(ConsumerRecord<String, byte[]> record) {
        try {
            return clips.request(record);
        } catch (ClipRefusedException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while decoding a clip; the clip will be decoded again.", e);
        }
    }

    @Override
    public byte[] kept(ConsumerRecord<String, byte[]> record) {
        return null;
    }

    @Override
    public void close() {
        clips.close();
    }
}
