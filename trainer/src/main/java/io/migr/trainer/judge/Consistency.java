package io.migr.trainer.judge;

import io.migr.model.Block;
import io.migr.model.Emotion;
import io.migr.model.Explanation;
import io.migr.model.ReasoningStep;
import io.migr.trainer.reward.SentenceVerifier;
import io.migr.trainer.reward.Sentences;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** What an explanation says by a verifier's reading, for a service that marks the ones that contradict themselves. */
public final class Consistency {
    private final SentenceVerifier verifier;

    public Consistency(SentenceVerifier verifier) {
        this.verifier = verifier;
    }

    /**
     * The emotion that an explanation says: that of the last sentence of its weighing block that asserts exactly one.
     *
     * @return null when none does
     */
    public Emotion says(Explanation explanation) {
        Emotion said = null;
        for (Set<Emotion> set : sets(explanation, true)) {
            said = set.size() == 1 ? set.iterator().next() : said;
        }
        return said;
    }

    /**
     * How far an explanation speaks for an emotion: the share, among all its sentences that assert an emotion, of
     * those that assert this one.
     *
     * @return 0..1; NaN when no sentence asserts any
     */
    public double support(Explanation explanation, Emotion emotion) {
        List<Set<Emotion>> asserting =
                sets(explanation, false).stream().filter(set -> !set.isEmpty()).toList();
        return asserting.stream()
                .mapToDouble(set -> set.contains(emotion) ? 1 : 0)
                .average()
                .orElse(Double.NaN);
    }

    private List<Set<Emotion>> sets(Explanation explanation, boolean thinkOnly) {
        List<String> sentences = new ArrayList<>();
        for (ReasoningStep step : explanation.steps()) {
            if (!thinkOnly || step.block() == Block.WEIGHING) {
                sentences.addAll(Sentences.of(step.text()));
            }
        }
        return verifier.emotions(sentences);
    }
}
