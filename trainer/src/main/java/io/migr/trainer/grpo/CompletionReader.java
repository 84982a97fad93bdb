package io.migr.trainer.grpo;

import io.migr.model.Emotion;
import io.migr.model.EmotionModelConfig;
import io.migr.model.Explanation;
import io.migr.model.ExplanationGrammar;
import io.migr.model.GrammarConstraint;
import io.migr.model.Tokenizer;
import io.migr.model.generate.Generated;
import io.migr.model.generate.TokenConstraint;
import io.migr.trainer.reward.Completion;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Turns tokens into completions, and knows the grammar that tokens may be bound to. */
public final class CompletionReader {
    private final Tokenizer tokenizer;
    private final List<Emotion> labels;
    private final GrammarConstraint.Tokens grammar;
    private final int blockLimit;
    private final int endToken;
    private final int[] visual;
    private final int[] audio;
    private final int fork;

    public CompletionReader(EmotionModelConfig config, Tokenizer tokenizer) {
        this.tokenizer = tokenizer;
        labels = config.labels();
        blockLimit = config.blockLimit();
        grammar = new GrammarConstraint.Tokens(
                tokenizer, config.network().decoder().vocabulary(), labels);
        endToken = tokenizer.id(Tokenizer.END);
        visual = opening(ExplanationGrammar.TAGS.get(0));
        audio = opening(ExplanationGrammar.TAGS.get(2));
        fork = Arrays.mismatch(visual, audio);
    }

    private int[] opening(String tag) {
        return Arrays.stream(tokenizer.encode(tag)).mapToInt(id -> (int) id).toArray();
    }

    public int endToken() {
        return endToken;
    }

    /** What binds one sequence. */
    TokenConstraint constraint(Decoding decoding) {
        return decoding.constrained() ? new GrammarConstraint(grammar, null, blockLimit) : TokenConstraint.NONE;
    }

    /** The ids that were allowed at each of a sequence's tokens; null where log-probabilities are over all. */
    int[][] allowed(Decoding decoding, int[] tokens) {
        if (decoding != Decoding.GRAMMAR) {
            return null;
        }
        GrammarConstraint constraint = new GrammarConstraint(grammar, null, blockLimit);
        int[][] allowed = new int[tokens.length][];
        for (int t = 0; t < tokens.length; t++) {
            allowed[t] = constraint.allowed();
            if (tokens[t] != endToken) {
                constraint.accept(tokens[t]);
            }
        }
        return allowed;
    }

    /** The ids with the end token, when it was picked. */
    int[] tokens(Generated text) {
        if (!text.stopped()) {
            return text.tokens();
        }
        int[] ended = Arrays.copyOf(text.tokens(), text.tokens().length + 1);
        ended[text.tokens().length] = endToken;
        return ended;
    }

    /** What rewards read; a text that was cut has no explanation. */
    public Completion completion(Generated text) {
        String raw = tokenizer.decode(text.tokens());
        return new Completion(
                raw,
                text.stopped() ? ExplanationGrammar.parse(raw, labels, Explanation.Finish.STOP) : Optional.empty());
    }

    /** Where the first modality block that opens shows which modality it is; -1: none opens. */
    int orderToken(int[] tokens) {
        for (int t = 0; t < tokens.length; t++) {
            if (starts(tokens, t, visual) || starts(tokens, t, audio)) {
                return t + fork;
            }
        }
        return -1;
    }

    private static boolean starts(int[] tokens, int at, int[] tag) {
        return at + tag.length <= tokens.length && Arrays.equals(tokens, at, at + tag.length, tag, 0, tag.length);
    }
}
