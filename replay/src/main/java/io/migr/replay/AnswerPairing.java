package io.migr.replay;

import io.migr.schemas.ClipKey;
import io.migr.schemas.EmotionExplanation;
import io.migr.schemas.EmotionPrediction;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Pairs each prediction with its explanation, and each earlier answer about a clip with the later one. A clip that was
 * analysed several times is paired in order of analysis. To bound the number of waiting records, callers check
 * {@link #beforeFull} and {@link #afterFull} before they add more.
 */
final class AnswerPairing {
    /** The maximum number of clips of one side that may wait. */
    static final int MAX_WAITING = 4096;

    /** Receives each clip that has an answer on both sides. */
    interface Sink {
        void pair(String clip, VersionAnswer before, VersionAnswer after);
    }

    /** The incomplete and the unpaired clips of one side. */
    private static final class Waiting {
        private final Map<String, Deque<EmotionPrediction>> predictions = new LinkedHashMap<>();
        private final Map<String, Deque<EmotionExplanation>> explanations = new LinkedHashMap<>();
        private final Map<String, Deque<VersionAnswer>> answers = new LinkedHashMap<>();
        private int count;

        boolean full() {
            return count >= MAX_WAITING;
        }
    }

    private final Sink sink;
    private final Waiting before = new Waiting();
    private final Waiting after = new Waiting();
    private long dropped;

    AnswerPairing(Sink sink) {
        this.sink = sink;
    }

    /** Adds a prediction; {@code old}: of the earlier side, not of the replayed one. */
    void add(boolean old, EmotionPrediction prediction) {
        Waiting side = old ? before : after;
        String clip = ClipKey.name(prediction.getClip());
        EmotionExplanation explanation = poll(side.explanations, clip);
        if (explanation == null) {
            put(side.predictions, clip, prediction);
            side.count++;
        } else {
            side.count--;
            answered(old, clip, new VersionAnswer(prediction, explanation));
        }
    }

    /** Adds an explanation; {@code old}: of the earlier side, not of the replayed one. */
    void add(boolean old, EmotionExplanation explanation) {
        Waiting side = old ? before : after;
        String clip = ClipKey.name(explanation.getClip());
        EmotionPrediction prediction = poll(side.predictions, clip);
        if (prediction == null) {
            put(side.explanations, clip, explanation);
            side.count++;
        } else {
            side.count--;
            answered(old, clip, new VersionAnswer(prediction, explanation));
        }
    }

    private void answered(boolean old, String clip, VersionAnswer answer) {
        Waiting other = old ? after : before;
        VersionAnswer counterpart = poll(other.answers, clip);
        if (counterpart == null) {
            Waiting side = old ? before : after;
            put(side.answers, clip, answer);
            side.count++;
        } else {
            other.count--;
            sink.pair(clip, old ? answer : counterpart, old ? counterpart : answer);
        }
    }

    private static <T> T poll(Map<String, Deque<T>> waiting, String clip) {
        Deque<T> all = waiting.get(clip);
        if (all == null) {
            return null;
        }
        T first = all.poll();
        if (all.isEmpty()) {
            waiting.remove(clip);
        }
        return first;
    }

    private static <T> void put(Map<String, Deque<T>> waiting, String clip, T value) {
        waiting.computeIfAbsent(clip, name -> new ArrayDeque<>(1)).add(value);
    }

    boolean beforeFull() {
        return before.full();
    }

    boolean afterFull() {
        return after.full();
    }

    /** The number of clips of the later side that wait for a counterpart. */
    int waitingAfter() {
        return after.count;
    }

    /** Drops the older half of the waiting earlier clips: they are not replayed, or their counterpart was dropped. */
    void dropBefore() {
        drop(before);
    }

    /** Drops the older half of the waiting replayed clips. */
    void dropAfter() {
        dropped += drop(after);
    }

    private static int drop(Waiting side) {
        int dropped = 0;
        for (Map<String, ? extends Deque<?>> waiting :
                java.util.List.<Map<String, ? extends Deque<?>>>of(side.answers, side.predictions, side.explanations)) {
            Iterator<? extends Deque<?>> oldest = waiting.values().iterator();
            while (side.count > MAX_WAITING / 2 && oldest.hasNext()) {
                int size = oldest.next().size();
                oldest.remove();
                side.count -= size;
                dropped += size;
            }
        }
        return dropped;
    }

    /** The number of replayed clips that have found no counterpart so far. */
    long unmatched() {
        return dropped + after.count;
    }
}
