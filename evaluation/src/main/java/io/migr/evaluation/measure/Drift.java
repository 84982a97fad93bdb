package io.migr.evaluation.measure;

import java.util.List;

/**
 * What the model attends to while it writes explanations, measured on clips with both a face and a voice.
 *
 * @param clips number of explanations measured
 * @param curve attention by position in the text, {@value #BUCKET} tokens per stretch; stretches reached by fewer than
 *     half of the explanations are left out
 * @param blocks attention by part of the text: first block, second block, weighing, answer
 * @param swaps what changes when the clip is replaced after the first block
 */
public record Drift(int clips, List<Stretch> curve, List<Stretch> blocks, Swaps swaps) {
    /** Tokens in one stretch of the curve. */
    public static final int BUCKET = 8;

    /**
     * Attention over a stretch of text, in the order video, audio, prompt, own text.
     *
     * @param name which stretch, e.g. {@code 8-15}
     * @param explanations how many explanations reach it
     * @param shares mean attention mass, sums to 1
     * @param even the same if attention were uniform over all visible tokens, as a baseline: a longer text gets more
     *     attention by its length alone
     */
    public record Stretch(String name, int explanations, double[] shares, double[] even) {}

    /**
     * The causal test: after the first block, the clip's pictures and sound are replaced with those of another clip for
     * which the model answers another emotion, and the rest is generated again, greedily.
     *
     * @param pairs number of clip pairs
     * @param secondChanged share of pairs whose second block asserts another emotion than with its own clip
     * @param thinkChanged share of pairs whose conclusion changes
     * @param answerChanged share of pairs whose answer changes; low if the model follows its own text, high if it
     *     follows the clip
     * @param answerFollowed share of pairs whose answer becomes the model's answer for the other clip
     */
    public record Swaps(
            int pairs, double secondChanged, double thinkChanged, double answerChanged, double answerFollowed) {}

    public Drift {
        curve = List.copyOf(curve);
        blocks = List.copyOf(blocks);
    }
}
