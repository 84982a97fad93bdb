package io.migr.trainer.reward;

import io.migr.corpus.Cue;
import io.migr.corpus.CueReader;
import io.migr.corpus.Posterior;
import io.migr.model.Emotion;
import io.migr.model.ReasoningStep;
import java.util.List;
import java.util.Set;

/**
 * A penalty on emotions that a block asserts and its own cues do not speak for. The grounded reward asks only whether
 * a block asserts the label, so a policy may let a voice assert what only the face shows:
 *
 * <pre>
 * r = - 1/2 sum over the blocks b of face and voice of
 *         #{asserting sentences of b none of whose emotions is supported} / #{asserting sentences of b}
 * e is supported in b:   p(e | cues that b claims) &gt; 1 / #{emotions},   p by {@link Cue#posterior}
 * </pre>
 *
 * It can be hacked: a policy that practised with it took to saying that nobody speaks where somebody does, because a block
 * that says so asserts nothing (trainer/results). It has to know what is there before a service may use it.
 *
 * <p>-1..0; a malformed completion is left to the format reward and gets 0, and so does a block that asserts nothing. A
 * block that claims no cue supports neutral alone. It takes the cues at their word: whether they are there is what
 * {@link io.migr.trainer.grpo.PerceptionReward} asks. Ours, in none of the paper's sets.
 */
public final class SupportReward implements Reward {
    private final SentenceVerifier verifier;

    /** The verifier says what sentences assert. */
    public SupportReward(SentenceVerifier verifier) {
        this.verifier = verifier;
    }

    @Override
    public String name() {
        return "support";
    }

    @Override
    public double of(Target target, Completion completion) {
        return completion
                .explanation()
                .map(explanation -> -0.5
                        * explanation.steps().stream()
                                .filter(step -> step.modality() != null)
                                .mapToDouble(this::unsupported)
                                .sum())
                .orElse(0.0);
    }

    /** The share of a block's assertions that its cues do not speak for. */
    private double unsupported(ReasoningStep block) {
        List<Cue> cues = CueReader.claims(block).cues();
        Posterior posterior = Cue.posterior(cues);
        double prior = 1.0 / posterior.probabilities().size();
        List<Set<Emotion>> asserting = verifier.emotions(Sentences.of(block.text())).stream()
                .filter(set -> !set.isEmpty())
                .toList();
        long bare = asserting.stream()
                .filter(set -> set.stream()
                        .noneMatch(emotion -> cues.isEmpty()
                                ? emotion == Emotion.NEUTRAL
                                : posterior.probabilities().getOrDefault(emotion, 0.0) > prior))
                .count();
        return asserting.isEmpty() ? 0 : bare / (double) asserting.size();
    }
}
