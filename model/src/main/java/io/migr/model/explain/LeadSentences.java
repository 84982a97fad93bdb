package io.migr.model.explain;

import io.migr.model.Dominance;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * The sentences with which a model names the leading modality, as tokens. Modality importance is measured, not decoded:
 * if a model has such sentences, its weighing block begins with one that states what was measured, and the model only
 * chooses among those. Without such sentences the start of the block is not constrained.
 */
final class LeadSentences {
    private final Map<Dominance, List<int[]>> sentences = new EnumMap<>(Dominance.class);

    /**
     * Looks up the tokens of the sentences.
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

    /** The tokens of a configured sentence and its {@code end}; {@code key} is the configuration key, for messages. */
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

    /** The sentences for this dominance, each with its full stop; empty: the model has none. */
    List<int[]> of(Dominance dominance) {
        return sentences.getOrDefault(dominance, List.of());
    }

    /** The dominance stated by the sentence after the first {@code opening} token of a text; null: no lead sentence. */
    Dominance stated(int[] text, int opening) {
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
