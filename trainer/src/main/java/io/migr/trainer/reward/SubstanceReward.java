package io.migr.trainer.reward;

import io.migr.corpus.Cue;
import io.migr.corpus.text.CueReader;
import io.migr.model.ReasoningStep;
import io.migr.model.verify.SentenceSplitter;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A penalty for short blocks and repeated sentences, because a policy can raise the other rewards with them:
 *
 * <pre>
 * r = - 0.5 #{blocks with fewer than two sentences} / 3  -  0.5 #{repeated sentences} / #{sentences}
 * </pre>
 *
 * -1..0; a malformed completion gets 0, because the format reward covers it. One sentence is enough for a block that
 * claims its modality to be absent. A sentence is repeated if the same sentence, or one that claims the same cue, came
 * earlier in the explanation. Optional; used in no arm by default.
 */
public final class SubstanceReward implements Reward {
    private static final int FEWEST = 2;

    @Override
    public String name() {
        return "substance";
    }

    @Override
    public double of(Target target, Completion completion) {
        return completion
                .explanation()
                .map(explanation -> of(explanation.steps()))
                .orElse(0.0);
    }

    private static double of(List<ReasoningStep> steps) {
        int thin = 0;
        int sentences = 0;
        for (ReasoningStep step : steps) {
            List<String> block = SentenceSplitter.of(step.text());
            Cue only = block.size() == 1 ? CueReader.cue(block.get(0)) : null;
            thin += block.size() < FEWEST && (only == null || !only.absence()) ? 1 : 0;
            sentences += block.size();
        }
        return -0.5 * thin / steps.size() - 0.5 * repeats(steps) / Math.max(1, sentences);
    }

    /** Number of sentences of an explanation that repeat an earlier sentence or its cue. */
    public static int repeats(List<ReasoningStep> steps) {
        Set<Object> claims = new HashSet<>();
        int repeated = 0;
        for (ReasoningStep step : steps) {
            for (String sentence : SentenceSplitter.of(step.text())) {
                repeated += claims.add(CueReader.claim(sentence)) ? 0 : 1;
            }
        }
        return repeated;
    }
}
