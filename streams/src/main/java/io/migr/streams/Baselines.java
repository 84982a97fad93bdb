package io.migr.streams;

import io.migr.schemas.BaselineClip;
import io.migr.schemas.InferenceRequest;
import java.time.Instant;
import java.util.List;
import java.util.TreeMap;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * Keeps the numbers of each participant's last clips, one entry a clip under the key {@link PairProcessor#slot}, and
 * attaches what is usual by them to requests.
 */
record Baselines(KeyValueStore<String, BaselineClip> clips) {
    /** Name of the store. */
    static final String STORE = "baselines";

    /** Attaches the baseline of the clips before a request's, then adds the request's own numbers for later ones. */
    void next(String participant, InferenceRequest request) {
        TreeMap<String, BaselineClip> ring = read(participant);
        String slot = PairProcessor.slot(participant, request.getClip().getSequence());
        request.setBaseline(BaselineRing.before(ring.headMap(slot).values(), request, false));
        BaselineRing.numbers(request).ifPresent(numbers -> add(ring, slot, numbers));
    }

    /** Deletes the numbers of a clip that was refused for want of consent, and of those before it, now and later. */
    void end(String participant, long sequence) {
        BaselineClip end = BaselineClip.newBuilder()
                .setCapturedAt(Instant.EPOCH)
                .setConsentEnded(true)
                .build();
        add(read(participant), PairProcessor.slot(participant, sequence), end);
    }

    private void add(TreeMap<String, BaselineClip> ring, String slot, BaselineClip clip) {
        ring.put(slot, clip);
        List<String> surplus = BaselineRing.surplus(ring);
        if (!surplus.remove(slot)) {
            clips.put(slot, clip);
        }
        surplus.forEach(clips::delete);
    }

    /** Deletes everything about a participant. */
    void drop(String participant) {
        read(participant).keySet().forEach(clips::delete);
    }

    private TreeMap<String, BaselineClip> read(String participant) {
        TreeMap<String, BaselineClip> ring = new TreeMap<>();
        try (KeyValueIterator<String, BaselineClip> all =
                clips.range(PairProcessor.slot(participant, 0), PairProcessor.slot(participant, Long.MAX_VALUE))) {
            while (all.hasNext()) {
                KeyValue<String, BaselineClip> entry = all.next();
                ring.put(entry.key, entry.value);
            }
        }
        return ring;
    }
}
