package io.migr.trainer.reward;

import io.migr.corpus.Cue;
import io.migr.corpus.Posterior;
import io.migr.corpus.text.CueReader;
import io.migr.model.Emotion;
import io.migr.model.ReasoningStep;
import io.migr.model.verify.SentenceSplitter;
import io.migr.model.verify.SentenceVerifier;
import java.util.List;
import java.util.Set;

/**
 * A penalty for emotions that a block asserts but its own cues do not support. The grounded reward only checks whether
 * a block asserts the label, so a policy may let the voice block assert what only the face shows:
 *
 * <pre>
 * r = - 1/2 (u(face) + u(voice))
 * u(b) = 1 if b denies a modality that is present, or does not deny one that is absent; otherwise
 *        #{asserting sentences of b none of whose emotions is supported} / #{asserting sentences of b}
 * e is supported in b:   p(e | cues that b claims) &gt; 1 / #{emotions},   p by {@link Cue#posterior}
 * </pre>
 *
 * -1..0; a malformed completion gets 0, because the format reward covers it, and so does a block that asserts nothing.
 * A block that claims no cue supports only neutral. All cues except denials are assumed to be true: whether they depend
 * on the clip is what {@link io.migr.trainer.grpo.PerceptionReward} checks. Our own reward, in none of the paper's
 * sets.
 *
 * <p>Without a penalty on denials, a policy learned to write that nobody speaks, because a voice block without speech
 * asserts nothing; with a penalty of 1/4 it still did. With a penalty of 1 it hardly ever writes this, even for the one
 * clip in ten in which nobody speaks: a policy that cannot hear the difference chooses the error with the lower cost
 * (lab/results).
 */
public final class SupportReward implements Reward {
    private final SentenceVerifier verifier;

    /** A reward that uses {@code verifier} to find what sentences assert. */
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
                                .filter(step -> step.block().isDescription())
                                .mapToDouble(step -> unsupported(step, target))
                                .sum())
                .orElse(0.0);
    }

    /**
     * The penalty u of a block: 1 if it is wrong about its modality's presence, otherwise {@link #bare(ReasoningStep)}.
     */
    private double unsupported(ReasoningStep block, Target target) {
        List<Cue> cues = CueReader.claims(block).cues();
        return denies(cues) == target.present().contains(block.block().modality()) ? 1 : bare(block, cues);
    }

    /** Whether a block claims that there is no face or no voice. */
    public static boolean denies(ReasoningStep block) {
        return denies(CueReader.claims(block).cues());
    }

    private static boolean denies(List<Cue> cues) {
        return cues.stream().anyMatch(Cue::absence);
    }

    /** The share of a block's assertions that its cues do not support; 0 if it asserts nothing. */
    public double bare(ReasoningStep block) {
        return bare(block, CueReader.claims(block).cues());
    }

    private double bare(ReasoningStep block, List<Cue> cues) {
        Posterior posterior = Cue.posterior(cues);
        double prior = 1.0 / posterior.probabilities().size();
        List<Set<Emotion>> asserting = verifier.emotions(SentenceSplitter.of(block.text())).stream()
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
