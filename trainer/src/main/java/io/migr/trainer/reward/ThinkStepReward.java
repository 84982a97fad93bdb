package io.migr.trainer.reward;

import io.migr.model.Emotion;
import io.migr.model.verify.SentenceSplitter;
import io.migr.model.verify.SentenceVerifier;
import java.util.List;
import java.util.Set;

/**
 * ERV's explanation reward over the sentences of {@code <think>}, for the baseline arm:
 *
 * <pre>
 * r = #{sentences whose set has y*} / #{sentences that are not purely neutral}     y* not neutral
 * r = #{sentences that are neutral} / #{sentences}                                 y* neutral
 * </pre>
 *
 * 0..1, and 0 if the divisor is 0. A sentence is purely neutral if it asserts nothing or only neutral. The block
 * is read from the text even if the text is malformed, as in ERV. Source: arXiv 2510.23506.
 */
public final class ThinkStepReward implements Reward {
    private final SentenceVerifier verifier;

    /** A reward that uses {@code verifier} to find what sentences assert. */
    public ThinkStepReward(SentenceVerifier verifier) {
        this.verifier = verifier;
    }

    @Override
    public String name() {
        return "think_step";
    }

    @Override
    public double of(Target target, Completion completion) {
        return TaggedText.content(completion.text(), "think")
                .map(think -> share(target.label(), verifier.emotions(SentenceSplitter.of(think))))
                .orElse(0.0);
    }

    private static double share(Emotion label, List<Set<Emotion>> sets) {
        if (label == Emotion.NEUTRAL) {
            long neutral = sets.stream()
                    .filter(set -> set.isEmpty() || set.contains(Emotion.NEUTRAL))
                    .count();
            return sets.isEmpty() ? 0 : neutral / (double) sets.size();
        }
        long counted = sets.stream()
                .filter(set -> !Set.of(Emotion.NEUTRAL).containsAll(set))
                .count();
        long agreeing = sets.stream().filter(set -> set.contains(label)).count();
        return counted == 0 ? 0 : agreeing / (double) counted;
    }
}
