package io.migr.model.explain;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;


/** The sentences of a model's measured cues as a trie of tokens, which says where a sentence can still go. */
final class CueSentences {

    /** Where a sentence stands that began as one of these. */
    static final class Node {
        private final Map<Integer, Node> next = new HashMap<>();
        /** The cues, as bits, whose sentences come through here. */
        private long cues;

        /** Where a token leads; null: to none of these sentences. */
        Node after(int token) {
            return next.get(token);
        }

        /** The tokens behind which nothing can be said but barred cues. */
        Set<Integer> closed(long barred) {
            return next.entrySet().stream()
                    .filter(entry -> (entry.getValue().cues & ~barred) == 0)
                    .map(Map.Entry::getKey)
                    .collect(Collectors.toSet());
        }

        /** The tokens that go on towards a cue that is not barred; none: the sentence is said, or as far as it is listed. */
        int[] open(long barred) {
            return next.entrySet().stream()
                    .filter(entry -> (entry.getValue().cues & ~barred) != 0)
                    .mapToInt(Map.Entry::getKey)
                    .sorted()
                    .toArray();
        }
    }

    private final List<MeasuredCue> cues;
    private final Node root = new Node();

    /**
     * Looks the tokens up.
     *
     * @throws IllegalArgumentException when a sentence has a word that the tokenizer does not know, or there are more
     *     than 64 cues
     */
    CueSentences(Tokenizer tokenizer, List<MeasuredCue> cues) {
        if (cues.size() > Long.SIZE) {
            throw new IllegalArgumentException("A model has at most 64 measured cues, not " + cues.size() + ".");
        }
        this.cues = new ArrayList<>(cues);
        for (int cue = 0; cue < cues.size(); cue++) {
            for (String sentence : cues.get(cue).sentences()) {
                add(LeadSentences.tokens(tokenizer, sentence, "", "cues"), 1L << cue);
            }
        }
    }

    private void add(int[] tokens, long cue) {
        Node node = root;
        for (int token : tokens) {
            node = node.next.computeIfAbsent(token, t -> new Node());
            node.cues |= cue;
        }
    }

    /** Where sentences begin. */
    Node root() {
        return root;
    }

    /** The cues, as bits, that are not measured; see {@link MeasuredCue#holds}. */
    long barred(double[] peaks, double[] deviations) {
        long barred = 0;
        for (int cue = 0; cue < cues.size(); cue++) {
            barred |= cues.get(cue).holds(peaks, deviations) ? 0 : 1L << cue;
        }
        return barred;
    }

    /** Tokens without some. */
    static int[] without(int[] tokens, Set<Integer> closed) {
        return closed.isEmpty()
                ? tokens
                : Arrays.stream(tokens).filter(token -> !closed.contains(token)).toArray();
    }
}
