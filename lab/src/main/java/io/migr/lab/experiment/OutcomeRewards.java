package io.migr.lab.experiment;

import io.migr.corpus.ClipTruth;
import io.migr.evaluation.measure.Outcome;
import io.migr.lab.experiment.ExperimentResults.Rewarded;
import io.migr.model.Emotion;
import io.migr.model.Explanation.Finish;
import io.migr.model.explain.ExplanationGrammar;
import io.migr.model.verify.SentenceVerifier;
import io.migr.trainer.reward.Completion;
import io.migr.trainer.reward.Reward;
import io.migr.trainer.reward.Target;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Computes the rewards of outcomes, with the rewards that their arm was trained with. */
final class OutcomeRewards {
    private static final int BEST = 10;

    private OutcomeRewards() {}

    /** A verifier that runs {@code verifier} once per distinct sentence, because explanations repeat sentences. */
    static SentenceVerifier cached(SentenceVerifier verifier) {
        Map<String, Set<Emotion>> known = new HashMap<>();
        return sentences -> {
            List<String> fresh = sentences.stream()
                    .filter(sentence -> !known.containsKey(sentence))
                    .distinct()
                    .toList();
            List<Set<Emotion>> read = fresh.isEmpty() ? List.of() : verifier.emotions(fresh);
            for (int i = 0; i < fresh.size(); i++) {
                known.put(fresh.get(i), read.get(i));
            }
            return sentences.stream().map(known::get).toList();
        };
    }

    /** The best-rewarded explanations of {@link Plan#featuredArm}, at the highest temperature. */
    static List<Rewarded> best(RunFolder run, SentenceVerifier verifier) throws IOException {
        String arm = run.plan().featuredArm();
        if (arm == null) {
            return List.of();
        }
        double highest =
                run.plan().temperatures().stream().mapToDouble(t -> t).max().orElseThrow();
        List<Reward> rewards = run.plan().arms().get(arm).rewards().with(verifier);
        List<Rewarded> all = new ArrayList<>();
        for (Map.Entry<Long, List<Outcome>> seed : run.outcomes(arm, highest).entrySet()) {
            for (Outcome outcome : seed.getValue()) {
                all.add(new Rewarded(outcome, seed.getKey(), reward(outcome, rewards)));
            }
        }
        // among equal rewards the longest first, because it shows superfluous text best
        return all.stream()
                .sorted(Comparator.comparingDouble(Rewarded::reward)
                        .thenComparingInt(one -> one.outcome().told().tokens())
                        .reversed())
                .limit(BEST)
                .toList();
    }

    private static double reward(Outcome outcome, List<Reward> rewards) {
        Target target = target(outcome);
        Completion completion = completion(outcome);
        return rewards.stream()
                .mapToDouble(reward -> reward.of(target, completion))
                .sum();
    }

    /** The target of the rewards for an outcome's clip. */
    static Target target(Outcome outcome) {
        ClipTruth truth = ClipTruth.of(Long.parseLong(outcome.clip()));
        return Target.of(truth, truth.oracle(), Emotion.DFEW);
    }

    /** The text of an outcome in the form that rewards read. */
    static Completion completion(Outcome outcome) {
        String text = outcome.told().text();
        return new Completion(text, ExplanationGrammar.parse(text, Emotion.DFEW, Finish.STOP));
    }
}
