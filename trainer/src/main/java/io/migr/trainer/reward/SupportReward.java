package io.migr.trainer.reward;

import io.migr.corpus.Cue;
import io.migr.corpus.CueReader;
import io.migr.corpus.Posterior;
import io.migr.model.Emotion;
import io.migr.model.ReasoningStep;
import io.migr.model.verify.SentenceVerifier;
import io.migr.model.verify.Sentences;
import java.util.List;
import java.util.Set;


/**
 * A penalty on emotions that a block asserts and its own cues do not speak for. The grounded reward asks only whether
 * a block asserts the label, so a policy may let a voice assert what only the face shows:
 *
 * <pre>
 * r = - 1/2 (u(face) + u(voice))
 * u(b) = 1 where b denies a modality that is there, or does not deny one that is not, otherwise
 *        #{asserting sentences of b none of whose emotions is supported} / #{asserting sentences of b}
 * e is supported in b:   p(e | cues that b claims) &gt; 1 / #{emotions},   p by {@link Cue#posterior}
 * </pre>
 *
 * -1..0; a malformed completion is left to the format reward and gets 0, and so does a block that asserts nothing. A
 * block that claims no cue supports neutral alone. All cues but denials are taken at their word: whether they are there is
 * what {@link io.migr.trainer.grpo.PerceptionReward} asks. Ours, in none of the paper's sets.
 *
 * <p>Without a price on denials a policy took to saying that nobody speaks, because who hears nothing asserts nothing; so
 * it does at a price of 1/4. At 1 it hardly ever says so, also where nobody does, one clip in ten: a policy that cannot
 * tell goes where it errs less (lab/results).
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
                                .filter(step -> step.block().isDescription())
                                .mapToDouble(step -> unsupported(step, target))
                                .sum())
                .orElse(0.0);
    }

    /** The share of a block's assertions that its cues do not speak for; 1 where it is wrong about what is there. */
    private double unsupported(ReasoningStep block, Target target) {
        List<Cue> cues = CueReader.claims(block).cues();
        return denies(cues) == target.present().contains(block.block().modality()) ? 1 : bare(block, cues);
    }

    /** Whether a block says that there is no face or no voice. */
    public static boolean denies(ReasoningStep block) {
        return denies(CueReader.claims(block).cues());
    }

    private static boolean denies(List<Cue> cues) {
        return cues.stream().anyMatch(Cue::absence);
    }

    /** The share of a block's assertions that its cues do not speak for; 0 where it asserts nothing. */
    public double bare(ReasoningStep block) {
        return bare(block, CueReader.claims(block).cues());
    }

    private double bare(ReasoningStep block, List<Cue> cues) {
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
