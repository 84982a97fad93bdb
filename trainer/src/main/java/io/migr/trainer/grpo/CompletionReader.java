package io.migr.trainer.grpo;

import io.migr.model.Block;
import io.migr.model.Emotion;
import io.migr.model.Explanation;
import io.migr.model.checkpoint.EmotionModelConfig;
import io.migr.model.decode.Generated;
import io.migr.model.decode.TokenConstraint;
import io.migr.model.explain.ExplanationGrammar;
import io.migr.model.explain.GrammarConstraint;
import io.migr.model.explain.Tokenizer;
import io.migr.trainer.reward.Completion;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Turns sampled tokens into completions, and provides the grammar constraint for sampling. */
public final class CompletionReader {
    private final Tokenizer tokenizer;
    private final List<Emotion> labels;
    private final GrammarConstraint.Tokens grammar;
    private final int blockLimit;
    private final int endToken;
    private final int[] visual;
    private final int[] audio;
    /** Index of the first token in which the two opening tags differ. */
    private final int fork;

    public CompletionReader(EmotionModelConfig config, Tokenizer tokenizer) {
        this.tokenizer = tokenizer;
        labels = config.labels();
        blockLimit = config.blockLimit();
        grammar = new GrammarConstraint.Tokens(
                tokenizer, config.network().decoder().vocabulary(), labels);
        endToken = tokenizer.id(Tokenizer.END);
        visual = opening(Block.VISUAL.openingTag());
        audio = opening(Block.AUDIO.openingTag());
        fork = Arrays.mismatch(visual, audio);
    }

    private int[] opening(String tag) {
        return Arrays.stream(tokenizer.encode(tag)).mapToInt(id -> (int) id).toArray();
    }

    /** Id of the token that ends a text. */
    public int endToken() {
        return endToken;
    }

    /** The constraint for one sequence. */
    TokenConstraint constraint(RolloutDecoding decoding) {
        return decoding.constrained() ? new GrammarConstraint(grammar, null, blockLimit) : TokenConstraint.NONE;
    }

    /**
     * The ids that were allowed at each token of a sequence, {@code [token][ids]}; null if log-probabilities are over
     * the whole vocabulary.
     */
    int[][] allowed(RolloutDecoding decoding, int[] tokens) {
        if (decoding != RolloutDecoding.GRAMMAR) {
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

    /** The ids of a text, with the end token if it was sampled. */
    int[] tokens(Generated text) {
        if (!text.stopped()) {
            return text.tokens();
        }
        int[] ended = Arrays.copyOf(text.tokens(), text.tokens().length + 1);
        ended[text.tokens().length] = endToken;
        return ended;
    }

    /** What rewards read of a text; a text cut at the limit has no explanation. */
    public Completion completion(Generated text) {
        String raw = tokenizer.decode(text.tokens());
        return new Completion(
                raw,
                text.stopped() ? ExplanationGrammar.parse(raw, labels, Explanation.Finish.STOP) : Optional.empty());
    }

    /** Index of the token that decides which modality the text starts with; -1 if it opens no modality block. */
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
