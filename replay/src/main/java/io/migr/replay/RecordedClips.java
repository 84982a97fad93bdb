package io.migr.replay;

import io.migr.features.ClipFeatures;
import io.migr.features.FeatureExtractor;
import io.migr.features.MediaRejectedException;
import io.migr.perception.ClipPerception;
import io.migr.perception.voice.VoiceBaseline;
import io.migr.runtime.config.Configuration;
import io.migr.runtime.config.Key;
import io.migr.runtime.kafka.KafkaClients;
import io.migr.schemas.BaselineClip;
import io.migr.schemas.ClipId;
import io.migr.schemas.ClipKey;
import io.migr.schemas.ClipSegment;
import io.migr.schemas.InferenceRequest;
import io.migr.schemas.ParticipantBaseline;
import io.migr.schemas.Topic;
import io.migr.streams.BaselineRing;
import io.migr.streams.ClaimCheck;
import io.migr.streams.ClipReader;
import io.migr.streams.FeatureRecords;
import io.migr.streams.RequestBuilder;
import io.migr.streams.records.BrokerLog;
import io.migr.streams.records.ClipRefusedException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.TopicPartition;

/**
 * Makes the same requests from recorded clips as the live service would: with the same reading, features and pairing,
 * but without state stores. Whether a record is a duplicate depends only on the topic of clips: it is one if a usable
 * record of the same clip was sent within {@link ClipReader#MEMORY} before it. So a record gives the same request
 * for every reader and every starting offset. (The live service counts that hour from when it processed the earlier
 * clip, not from when it was sent.) Terms of consent are compared with the present: clips whose terms have expired since
 * they were recorded are not replayed. A request has the baseline of the recorded request; where that is gone, one
 * marked partial, from those of the participant's last clips of the hour before it that are still kept. Keeps the ids of
 * one hour's clips in memory. Not thread-safe.
 */
public final class RecordedClips implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(200);

    /** A record of a clip with consent: its offset, and the time it was sent in ms since the epoch. */
    private record Sent(long offset, long timestamp) {}

    private final ClipReader reader;
    private final ClipPerception perception;
    private final Supplier<? extends Consumer<String, byte[]>> consumers;
    private final BrokerLog log;
    private final long waitMs;
    private final RecordedBaselines baselines;
    private final Map<TopicPartition, Map<String, List<Sent>>> sent = new HashMap<>();
    /** What clips add to baselines, by sequence number, of participants whose baselines are not recorded. */
    private final Map<String, TreeMap<Long, BaselineClip>> rings = new HashMap<>();

    public RecordedClips(Configuration configuration, KafkaClients clients, FeatureExtractor extractor) {
        reader = new ClipReader(
                clients.name(Topic.CLIPS), clients.serde(ClipSegment.class), extractor, ClaimCheck.of(configuration));
        perception = FeatureRecords.perception(configuration);
        consumers = () -> clients.consumer(null);
        baselines = new RecordedBaselines(
                clients.name(Topic.INFERENCE_REQUESTS),
                clients.serde(InferenceRequest.class).deserializer(),
                consumers);
        log = new BrokerLog(clients.consumerSettings());
        waitMs = configuration.number(Key.STREAMS_PAIR_WAIT_MS);
    }

    /** Reads which clips were sent in the hour before an offset; call it before {@link #request} for a partition. */
    public void begin(TopicPartition place, long next) {
        sent.put(place, new LinkedHashMap<>());
        baselines.reset();
        rings.clear();
        try (Consumer<String, byte[]> consumer = consumers.get()) {
            consumer.assign(List.of(place));
            Long time = timeAt(consumer, place, next);
            if (time == null) {
                return;
            }
            long earliest = Math.max(0, time - ClipReader.MEMORY.toMillis());
            OffsetAndTimestamp first =
                    consumer.offsetsForTimes(Map.of(place, earliest)).get(place);
            consumer.seek(place, first == null ? next : Math.min(next, first.offset()));
            while (consumer.position(place) < next) {
                for (ConsumerRecord<String, byte[]> record : consumer.poll(POLL)) {
                    if (record.offset() < next) {
                        remember(place, record);
                    }
                }
            }
        }
    }

    /** When the first record at or after an offset was sent, in ms since the epoch; null if there is none. */
    private static Long timeAt(Consumer<String, byte[]> consumer, TopicPartition place, long offset) {
        long end = consumer.endOffsets(List.of(place)).get(place);
        consumer.seek(place, offset);
        while (consumer.position(place) < end) {
            for (ConsumerRecord<String, byte[]> record : consumer.poll(POLL)) {
                return record.timestamp();
            }
        }
        return null;
    }

    private void remember(TopicPartition place, ConsumerRecord<String, byte[]> record) {
        try {
            remember(sent.get(place), ClipKey.name(segment(record).getClip()), record);
        } catch (ClipRefusedException e) {
            // request() reports it when the record itself is replayed
        }
    }

    private static void remember(Map<String, List<Sent>> clips, String name, ConsumerRecord<String, byte[]> record) {
        Iterator<List<Sent>> oldest = clips.values().iterator();
        while (oldest.hasNext() && !within(last(oldest.next()), record)) {
            oldest.remove();
        }
        List<Sent> earlier = clips.remove(name);
        List<Sent> all = earlier == null ? new ArrayList<>(1) : earlier;
        all.add(new Sent(record.offset(), record.timestamp()));
        clips.put(name, all);
    }

    private static Sent last(List<Sent> all) {
        return all.get(all.size() - 1);
    }

    private static boolean within(Sent earlier, ConsumerRecord<String, byte[]> record) {
        return record.timestamp() - earlier.timestamp() <= ClipReader.MEMORY.toMillis();
    }

    /** The clip in a record, if it can and may be processed now. */
    private ClipSegment segment(ConsumerRecord<String, byte[]> record) throws ClipRefusedException {
        return segment(record.key() == null ? null : record.key().getBytes(StandardCharsets.UTF_8), record.value());
    }

    private ClipSegment segment(byte[] key, byte[] value) throws ClipRefusedException {
        ClipSegment segment = reader.segment(value);
        ClipReader.requireConsent(segment, Instant.now());
        ClipReader.requireKey(key, segment);
        return segment;
    }

    /**
     * The request for a clip. Call {@link #begin} first and pass the records of a partition in order; records may be
     * left out only if all records of their participant are.
     *
     * @throws ClipRefusedException if the record is not a clip that can and may be processed
     * @throws InterruptedException if interrupted while the decoder runs
     */
    public InferenceRequest request(ConsumerRecord<String, byte[]> record)
            throws ClipRefusedException, InterruptedException {
        ClipSegment segment = segment(record);
        TopicPartition place = new TopicPartition(record.topic(), record.partition());
        String name = ClipKey.name(segment.getClip());
        List<Sent> earlier = List.copyOf(sent.get(place).getOrDefault(name, List.of()));
        remember(sent.get(place), name, record);
        for (Sent one : earlier) {
            if (within(one, record) && usable(place, one.offset())) {
                throw ClipReader.sentBefore(segment);
            }
        }
        ClipFeatures features;
        try {
            features = reader.features(segment);
        } catch (MediaRejectedException e) {
            throw new ClipRefusedException("Clip " + name + ": " + e.getMessage(), e);
        }
        InferenceRequest request = RequestBuilder.of(segment, features, perception, true, waitMs);
        request.getVisual().setClipOffset(record.offset());
        request.getAudio().setClipOffset(record.offset());
        request.setBaseline(baseline(record, request));
        return request;
    }

    /** The baseline of the recorded request; where that is gone, of the participant's earlier clips. */
    private ParticipantBaseline baseline(ConsumerRecord<String, byte[]> record, InferenceRequest request)
            throws InterruptedException {
        ClipId clip = request.getClip();
        Optional<RecordedBaselines.Found> recorded =
                baselines.find(record.key(), ClipKey.name(clip), record.timestamp());
        TreeMap<Long, BaselineClip> ring = rings.get(record.key());
        if (recorded.isEmpty() && ring == null) {
            ring = earlier(record, clip);
            rings.put(record.key(), ring);
        }
        ParticipantBaseline rebuilt = ring == null
                ? null
                : BaselineRing.before(ring.headMap(clip.getSequence()).values(), request, true);
        Optional<BaselineClip> numbers = BaselineRing.numbers(request);
        if (ring != null && numbers.isPresent()) {
            ring.put(clip.getSequence(), numbers.get());
            ring.keySet().removeAll(BaselineRing.surplus(ring));
        }
        return recorded.isPresent() ? recorded.get().baseline() : rebuilt;
    }

    /** What the participant's last clips before a record, of the hour before it, add to a baseline. */
    private TreeMap<Long, BaselineClip> earlier(ConsumerRecord<String, byte[]> record, ClipId clip)
            throws InterruptedException {
        TopicPartition place = new TopicPartition(record.topic(), record.partition());
        TreeMap<Long, Long> offsets = new TreeMap<>();
        sent.get(place).forEach((name, all) -> {
            ClipId one = ClipKey.parse(name);
            if (ClipKey.of(one).equals(record.key()) && one.getSequence() < clip.getSequence()) {
                offsets.put(one.getSequence(), all.get(0).offset());
            }
        });
        TreeMap<Long, BaselineClip> ring = new TreeMap<>();
        for (long sequence :
                offsets.descendingKeySet().stream().limit(VoiceBaseline.CLIPS).toList()) {
            Optional<BaselineClip> numbers = numbers(place, offsets.get(sequence));
            numbers.ifPresent(one -> ring.put(sequence, one));
        }
        return ring;
    }

    private Optional<BaselineClip> numbers(TopicPartition place, long offset) throws InterruptedException {
        ConsumerRecord<byte[], byte[]> record = log.read(place.topic(), place.partition(), offset);
        if (record == null) {
            return Optional.empty();
        }
        try {
            ClipSegment segment = segment(record.key(), record.value());
            return BaselineRing.numbers(
                    RequestBuilder.of(segment, reader.features(segment), perception, false, waitMs));
        } catch (ClipRefusedException | MediaRejectedException e) {
            return Optional.empty();
        }
    }

    /** Whether the clip at an offset could be used; true if its record is no longer kept. */
    private boolean usable(TopicPartition place, long offset) throws InterruptedException {
        ConsumerRecord<byte[], byte[]> record = log.read(place.topic(), place.partition(), offset);
        if (record == null) {
            return true;
        }
        try {
            reader.features(segment(record.key(), record.value()));
            return true;
        } catch (ClipRefusedException | MediaRejectedException e) {
            return false;
        }
    }

    @Override
    public void close() {
        perception.close();
        baselines.close();
        log.close();
    }
}
