package io.migr.trainer.measure;

import java.util.List;

/**
 * What explanations rest on while they are written. Clips with a face and a voice only.
 *
 * @param clips how many explanations were looked at
 * @param curve attention by place in the text, {@value #BUCKET} tokens a stretch, stretches that fewer than half of
 *     the explanations reach left out
 * @param blocks attention by part of the text: first block, second block, weighing, answer
 * @param swaps what happens when the clip is exchanged after the first block
 */
public record Drift(int clips, List<Stretch> curve, List<Stretch> blocks, Swaps swaps) {
    /** Tokens in one stretch of the curve. */
    public static final int BUCKET = 8;

    /**
     * Attention over a stretch of text, in the order video, audio, prompt, own text.
     *
     * @param name which stretch, e.g. {@code 8-15}
     * @param explanations how many reach it
     * @param shares mean attention mass, sums to 1
     * @param even the same if attention fell alike on everything in sight: longer text draws more by its length alone
     */
    public record Stretch(String name, int explanations, double[] shares, double[] even) {}

    /**
     * The causal test: after the first block the clip's pictures and sound are exchanged for those of another clip of
     * which the model says something else, and the rest is written again, greedily.
     *
     * @param pairs how many
     * @param secondChanged share of pairs whose second block asserts otherwise than with its own clip
     * @param thinkChanged share of pairs that conclude otherwise
     * @param answerChanged share of pairs that answer otherwise; low: the model follows its own text, high: the clip
     * @param answerFollowed share of pairs that answer what the model says of the other clip
     */
    public record Swaps(
            int pairs, double secondChanged, double thinkChanged, double answerChanged, double answerFollowed) {}

    public Drift {
        curve = List.copyOf(curve);
        blocks = List.copyOf(blocks);
    }
}
