package io.migr.streams;

import io.migr.schemas.AudioFeatures;
import io.migr.schemas.InferenceRequest;
import io.migr.schemas.Topic;
import io.migr.schemas.VisualFeatures;
import io.migr.streams.records.RecordLog;
import io.migr.streams.records.ValueSerdes;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Pictures and sound of the halves of one partition that wait. The last {@value #RECENT_BYTES} bytes are kept in memory,
 * so that halves that arrive together are not read twice; all others are read again from their topics, where they lie
 * committed and unchanged. So the memory for media does not depend on how many halves wait.
 */
final class WaitingMedia {
    /** Enough for the largest record. */
    static final int RECENT_BYTES = Topic.MAX_MESSAGE_BYTES;

    private record Place(String topic, Long offset) {}

    private final String visualTopic;
    private final String audioTopic;
    private final ValueSerdes values;
    private final RecordLog log;
    private final int partition;
    private final Map<Place, byte[]> recent = new LinkedHashMap<>();
    private long bytes;

    WaitingMedia(String visualTopic, String audioTopic, ValueSerdes values, RecordLog log, int partition) {
        this.visualTopic = visualTopic;
        this.audioTopic = audioTopic;
        this.values = values;
        this.log = log;
        this.partition = partition;
    }

    /** Keeps the record of a half that was just read, and drops the oldest ones that are too many then. */
    void keep(String topic, long offset, byte[] record) {
        recent.put(new Place(topic, offset), record);
        bytes += record.length;
        Iterator<byte[]> oldest = recent.values().iterator();
        while (bytes > RECENT_BYTES) {
            bytes -= oldest.next().length;
            oldest.remove();
        }
    }

    /** Drops what is kept of a clip. */
    void forget(WaitingClip clip) {
        take(new Place(visualTopic, clip.visualOffset()));
        take(new Place(audioTopic, clip.audioOffset()));
    }

    private byte[] take(Place place) {
        byte[] record = recent.remove(place);
        bytes -= record == null ? 0 : record.length;
        return record;
    }

    /**
     * The request of a clip with its media. A half that its topic no longer keeps has only what was measured in it.
     *
     * @throws org.apache.kafka.common.errors.RetriableException if the broker does not answer at the moment
     */
    InferenceRequest request(WaitingClip clip) {
        InferenceRequest request = clip.request();
        VisualFeatures visual = half(VisualFeatures.class, visualTopic, clip.visualOffset());
        AudioFeatures audio = half(AudioFeatures.class, audioTopic, clip.audioOffset());
        if (visual != null) {
            request.setVisual(visual);
        }
        if (audio != null) {
            request.setAudio(audio);
        }
        return request;
    }

    private <T extends SpecificRecord> T half(Class<T> type, String topic, Long offset) {
        if (offset == null) {
            return null;
        }
        byte[] record = take(new Place(topic, offset));
        if (record == null) {
            ConsumerRecord<byte[], byte[]> again = log.read(topic, partition, offset);
            record = again == null ? null : again.value();
        }
        return record == null ? null : values.of(type).deserializer().deserialize(topic, record);
    }
}
