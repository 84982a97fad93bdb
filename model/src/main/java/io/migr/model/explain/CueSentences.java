package io.migr.model.explain;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The sentences of a model's measured cues as a trie of tokens, which gives the possible continuations of a sentence.
 */
final class CueSentences {

    /** A position in the trie: the prefix of one or more listed sentences. */
    static final class Node {
        private final Map<Integer, Node> next = new HashMap<>();
        /** The cues, as bits, whose sentences pass through this node. */
        private long cues;

        /** The node after a token; null: no listed sentence continues with it. */
        Node after(int token) {
            return next.get(token);
        }

        /** The tokens after which only barred cues can follow. */
        Set<Integer> closed(long barred) {
            return next.entrySet().stream()
                    .filter(entry -> (entry.getValue().cues & ~barred) == 0)
                    .map(Map.Entry::getKey)
                    .collect(Collectors.toSet());
        }

        /**
         * The tokens that lead to a cue that is not barred; empty: the sentence, or its listed beginning, is complete.
         */
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
     * Builds the trie.
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

    /** The node at which sentences begin. */
    Node root() {
        return root;
    }

    /** The cues, as bits, that were not measured and are therefore barred; see {@link MeasuredCue#holds}. */
    long barred(MeasuredCue.Measures measures) {
        long barred = 0;
        for (int cue = 0; cue < cues.size(); cue++) {
            barred |= cues.get(cue).holds(measures) ? 0 : 1L << cue;
        }
        return barred;
    }

    /** {@code tokens} without those in {@code closed}. */
    static int[] without(int[] tokens, Set<Integer> closed) {
        return closed.isEmpty()
                ? tokens
                : Arrays.stream(tokens).filter(token -> !closed.contains(token)).toArray();
    }
}
