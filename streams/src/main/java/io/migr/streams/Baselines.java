package io.migr.streams;

import io.migr.perception.face.FaceBaseline;
import io.migr.perception.voice.VoiceBaseline;
import io.migr.schemas.BaselineClip;
import io.migr.schemas.InferenceRequest;
import java.time.Instant;
import java.util.TreeMap;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * Attaches to requests what is usual for their participant, and keeps the numbers of each participant's last clips for
 * it. They lie in the store of the clips that were sent, whose entries live an hour, because a store of their own would
 * change the topology, which Kafka Streams 4.3 refuses for an existing group.
 *
 * @param clips by {@link PairProcessor#slot}
 */
record Baselines(KeyValueStore<String, SentClip> clips) {

    /** Attaches the baseline of the clips before a request's; then stores that it is sent, with its own numbers. */
    void send(String participant, InferenceRequest request, long now) {
        TreeMap<String, SentClip> last = last(participant);
        String slot = PairProcessor.slot(participant, request.getClip().getSequence());
        request.setBaseline(BaselineRing.before(numbers(last).headMap(slot).values(), request, false));
        store(last, slot, new SentClip(now, true, BaselineRing.numbers(request).orElse(null)));
    }

    /** Deletes the numbers of the clips before one that was refused for want of consent, for an hour also of late ones. */
    void end(String participant, long sequence, long now) {
        String slot = PairProcessor.slot(participant, sequence);
        SentClip known = clips.get(slot);
        boolean sent = known != null && known.sent();
        BaselineClip end = BaselineClip.newBuilder()
                .setCapturedAt(Instant.EPOCH)
                .setConsentEnded(true)
                .build();
        store(last(participant), slot, new SentClip(now, sent, end));
    }

    private void store(TreeMap<String, SentClip> last, String slot, SentClip clip) {
        if (clip.numbers() == null) {
            clips.put(slot, clip);
            return;
        }
        last.put(slot, clip);
        for (String surplus : BaselineRing.surplus(numbers(last))) {
            SentClip old = last.put(surplus, last.get(surplus).withoutNumbers());
            if (!surplus.equals(slot)) {
                clips.put(surplus, old.sent() ? old.withoutNumbers() : null);
            }
        }
        clips.put(slot, last.get(slot));
    }

    private static TreeMap<String, BaselineClip> numbers(TreeMap<String, SentClip> clips) {
        TreeMap<String, BaselineClip> numbers = new TreeMap<>();
        clips.forEach((slot, clip) -> {
            if (clip.numbers() != null) {
                numbers.put(slot, clip.numbers());
            }
        });
        return numbers;
    }

    /** A participant's last clips with numbers, back to those that are surplus. */
    private TreeMap<String, SentClip> last(String participant) {
        TreeMap<String, SentClip> last = new TreeMap<>();
        int voices = 0;
        int faces = 0;
        try (KeyValueIterator<String, SentClip> newestFirst = clips.reverseRange(
                PairProcessor.slot(participant, 0), PairProcessor.slot(participant, Long.MAX_VALUE))) {
            while (newestFirst.hasNext() && (voices <= VoiceBaseline.CLIPS || faces <= FaceBaseline.CLIPS)) {
                KeyValue<String, SentClip> entry = newestFirst.next();
                BaselineClip numbers = entry.value.numbers();
                if (numbers != null) {
                    last.put(entry.key, entry.value);
                    voices += numbers.getVoice() == null ? 0 : 1;
                    faces += numbers.getFace().isEmpty() ? 0 : 1;
                }
            }
        }
        return last;
    }
}
