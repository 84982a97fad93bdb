package io.migr.model.explain;

import io.migr.model.Dominance;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;


/**
 * The sentences in which a model has learnt to say what leads, as tokens. Modality importance is measured, not decoded:
 * where a model has such sentences, its weighing block begins with one that says what was measured, and the model
 * chooses among those alone. A model without them begins the block as it likes.
 */
final class LeadSentences {
    private final Map<Dominance, List<int[]>> sentences = new EnumMap<>(Dominance.class);

    /**
     * Looks the tokens up.
     *
     * @param words per dominance, without the full stop; empty: the model has none
     * @throws IllegalArgumentException when a sentence has a word that the tokenizer does not know
     */
    LeadSentences(Tokenizer tokenizer, Map<Dominance, List<String>> words) {
        words.forEach((dominance, lines) -> sentences.put(
                dominance,
                lines.stream()
                        .map(line -> tokens(tokenizer, line, ".", "lead_sentences"))
                        .toList()));
    }

    /** The tokens of a sentence that a configuration has under a key, and of how it ends. */
    static int[] tokens(Tokenizer tokenizer, String sentence, String end, String key) {
        long unknown = tokenizer.encode("<unk>")[0];
        long[] ids = tokenizer.encode(sentence + end);
        if (Arrays.stream(ids).anyMatch(id -> id == unknown)) {
            throw new IllegalArgumentException("The sentence \"" + sentence
                    + "\" has a word that the model's tokenizer does not know. Change " + key
                    + " in config.json to what the model was trained to write, or leave it out.");
        }
        return Arrays.stream(ids).mapToInt(id -> (int) id).toArray();
    }

    /** The sentences that say so, each with its full stop; empty: the model has none. */
    List<int[]> of(Dominance dominance) {
        return sentences.getOrDefault(dominance, List.of());
    }

    /** What the sentence behind the first {@code opening} of a text says; null: none of these. */
    Dominance said(int[] text, int opening) {
        for (int at = 0; at < text.length; at++) {
            if (text[at] == opening) {
                return startingAt(text, at + 1);
            }
        }
        return null;
    }

    private Dominance startingAt(int[] text, int at) {
        for (Map.Entry<Dominance, List<int[]>> entry : sentences.entrySet()) {
            for (int[] sentence : entry.getValue()) {
                int end = at + sentence.length;
                if (end <= text.length && Arrays.equals(text, at, end, sentence, 0, sentence.length)) {
                    return entry.getKey();
                }
            }
        }
        return null;
    }
}
