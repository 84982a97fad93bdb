package io.migr.integration;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.migr.runtime.kafka.KafkaClients;
import io.migr.schemas.ClipId;
import io.migr.schemas.ClipKey;
import io.migr.schemas.Emotion;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntSupplier;

/**
 * Sends clips and labels until stopped: three participants speak at once, and every eleventh clip is not a video. Ann
 * labels all others at once; Bob labels every fifth of them later, with another emotion.
 */
final class Feeding implements AutoCloseable {
    private static final int EVERY_BROKEN = 11;
    private static final int EVERY_TWICE = 5;
    private static final int LATER = 10;
    private static final int PARTICIPANTS = 3;
    private static final int PAUSE_MS = 1000;
    private static final int LABELS = 7;
    /** Clips sent and not yet ended: a slow machine gets no backlog that it cannot work off in time. */
    private static final int MOST_WAITING = 45;

    private final KafkaClients clients;
    private final IntSupplier ended;
    private final List<byte[]> media = new ArrayList<>();
    private final Set<String> accepted = ConcurrentHashMap.newKeySet();
    private final Map<String, Set<String>> labelled = new ConcurrentHashMap<>();
    private final AtomicBoolean stop = new AtomicBoolean();
    private final Thread thread = new Thread(this::feed, "feeding");
    private volatile int broken;
    private volatile Exception failure;

    private Feeding(KafkaClients clients, IntSupplier ended) {
        this.clients = clients;
        this.ended = ended;
    }

    /** Starts; {@code committed} tells how many clips have ended, as far as it was polled. */
    static Feeding start(KafkaClients clients, Committed committed) throws Exception {
        Feeding feeding = new Feeding(clients, () -> committed.predictions.size() + committed.deadLetters.size());
        for (int i = 0; i < 4; i++) {
            feeding.media.add(Clips.mp4(i));
        }
        feeding.thread.start();
        return feeding;
    }

    private void feed() {
        try (Clips clips = new Clips(clients)) {
            for (int i = 0; !stop.get(); i++) {
                if (isBroken(i)) {
                    byte[] bytes = ("no video " + i).getBytes(StandardCharsets.US_ASCII);
                    accepted.add(clips.send("p" + i % PARTICIPANTS, i / PARTICIPANTS, bytes));
                    broken++;
                } else {
                    accepted.add(clips.send("p" + i % PARTICIPANTS, i / PARTICIPANTS, media.get(i % media.size())));
                    label(clips, i, "ann", i);
                }
                int earlier = i - LATER;
                if (earlier >= 0 && earlier % EVERY_TWICE == 0 && !isBroken(earlier)) {
                    label(clips, earlier, "bob", earlier + 1);
                }
                if (i % PARTICIPANTS == PARTICIPANTS - 1) {
                    do {
                        Thread.sleep(PAUSE_MS);
                    } while (!stop.get() && accepted.size() - ended.getAsInt() > MOST_WAITING);
                }
            }
        } catch (InterruptedException | RuntimeException e) {
            failure = e;
        }
    }

    private static boolean isBroken(int i) {
        return i % EVERY_BROKEN == 0;
    }

    private void label(Clips clips, int i, String annotator, int kind) throws InterruptedException {
        ClipId clip = new ClipId("call", "p" + i % PARTICIPANTS, (long) i / PARTICIPANTS);
        Emotion emotion = Emotion.values()[1 + kind % LABELS];
        clips.label(clip, annotator, emotion);
        labelled.computeIfAbsent(ClipKey.name(clip), name -> ConcurrentHashMap.newKeySet())
                .add(annotator + " " + emotion);
    }

    /** Stops sending; everything that was sent has then been acknowledged. */
    void stop() throws InterruptedException {
        stop.set(true);
        thread.join();
        assertEquals(null, failure);
    }

    Set<String> accepted() {
        return accepted;
    }

    int broken() {
        return broken;
    }

    /** The labels by clip, each as annotator and emotion. */
    Map<String, Set<String>> labelled() {
        return labelled;
    }

    int labels() {
        return labelled.values().stream().mapToInt(Set::size).sum();
    }

    @Override
    public void close() {
        stop.set(true);
    }
}
