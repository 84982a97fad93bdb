package io.migr.model.verify;

import io.migr.model.Block;
import io.migr.model.Emotion;
import io.migr.model.Explanation;
import io.migr.model.ReasoningStep;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Reads what an explanation asserts, by a sentence verifier, so that the service can mark explanations that contradict
 * themselves.
 */
public final class ExplanationConsistency {
    private final SentenceVerifier verifier;

    public ExplanationConsistency(SentenceVerifier verifier) {
        this.verifier = verifier;
    }

    /**
     * The emotion an explanation asserts: that of the last sentence of its weighing block that asserts exactly one.
     *
     * @return null if no sentence does
     */
    public Emotion says(Explanation explanation) {
        Emotion asserted = null;
        for (Set<Emotion> set : sets(explanation, true)) {
            asserted = set.size() == 1 ? set.iterator().next() : asserted;
        }
        return asserted;
    }

    /**
     * How far an explanation supports an emotion: the share of sentences that assert it among all sentences that assert
     * any emotion.
     *
     * @return 0..1; NaN if no sentence asserts any
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
                sentences.addAll(SentenceSplitter.of(step.text()));
            }
        }
        return verifier.emotions(sentences);
    }
}
