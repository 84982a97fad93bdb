package io.migr.model.verify;

import io.migr.model.Emotion;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Caches another verifier's results per sentence and evicts the least recently used: a policy trained on templated text
 * repeats its sentences, so nearly all sentences of a group are cached. Thread-safe; one caller at a time.
 */
public final class CachedVerifier implements SentenceVerifier {
    private static final int BATCH = 32;

    private final SentenceVerifier verifier;
    private final Map<String, Set<Emotion>> known;
    private long asked;
    private long answered;

    /**
     * Wraps a verifier.
     *
     * @param capacity most sentences to cache
     */
    public CachedVerifier(SentenceVerifier verifier, int capacity) {
        this.verifier = verifier;
        known = new LinkedHashMap<>(16, 0.75f, true) {
            @Override
            protected boolean removeEldestEntry(Map.Entry<String, Set<Emotion>> eldest) {
                return size() > capacity;
            }
        };
    }

    @Override
    public synchronized List<Set<Emotion>> emotions(List<String> sentences) {
        Map<String, Set<Emotion>> answers = new HashMap<>();
        Set<String> unknown = new LinkedHashSet<>();
        for (String sentence : sentences) {
            Set<Emotion> answer = known.get(sentence);
            if (answer == null) {
                unknown.add(sentence);
            } else {
                answers.put(sentence, answer);
            }
        }
        List<String> rest = new ArrayList<>(unknown);
        for (int from = 0; from < rest.size(); from += BATCH) {
            List<String> batch = rest.subList(from, Math.min(rest.size(), from + BATCH));
            List<Set<Emotion>> fresh = verifier.emotions(batch);
            for (int i = 0; i < batch.size(); i++) {
                answers.put(batch.get(i), Set.copyOf(fresh.get(i)));
            }
        }
        rest.forEach(sentence -> known.put(sentence, answers.get(sentence)));
        asked += sentences.size();
        answered += sentences.size() - rest.size();
        return sentences.stream().map(answers::get).toList();
    }

    /** Share of sentences answered from the cache, 0..1; NaN before the first. */
    public synchronized double hitRate() {
        return asked == 0 ? Double.NaN : answered / (double) asked;
    }
}
