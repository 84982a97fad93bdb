package io.migr.trainer.grpo;

import ai.djl.ndarray.NDManager;
import io.migr.engine.Kernels;
import io.migr.engine.Losses;
import io.migr.model.decode.SharedPrompt;
import java.io.IOException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * The gradient of one step's loss, accumulated over a few clips at a time:
 *
 * <pre>
 * loss = 1/N sum_i 1/|o_i| sum_t -( exp(lp - stop(lp)) A_it - beta KL_it )
 * KL   = exp(ref - lp) - (ref - lp) - 1
 * </pre>
 *
 * over all N completions of the step, including those of groups that were left out. Strictly on-policy, so the ratio is
 * 1 and is not clipped. A completion's tokens include its end token. Every prompt is run once for its whole group.
 */
final class StepGradient {
    private final Policy policy;
    private final Policy reference;
    private final Kernels kernels;
    private final Advantages advantages;
    private final GrpoSettings.Descent descent;
    private final RolloutDecoding decoding;

    StepGradient(
            Policy policy,
            Policy reference,
            Kernels kernels,
            Advantages advantages,
            GrpoSettings.Descent descent,
            RolloutDecoding decoding) {
        this.policy = policy;
        this.reference = reference;
        this.kernels = kernels;
        this.advantages = advantages;
        this.descent = descent;
        this.decoding = decoding;
    }

    /**
     * Loss and statistics of one accumulated gradient.
     *
     * @param loss of the step
     * @param kl mean over a completion's tokens, then over the completions that were run, nats
     * @param entropy mean over the tokens of the completions that were run, nats
     * @param completions number of completions that were run
     */
    record Measured(double loss, double kl, double entropy, int completions) {}

    /**
     * Adds the gradient of these groups to the policy's.
     *
     * @param completions number of completions in the whole step, including those left out
     */
    Measured add(List<Group> groups, int completions) throws IOException {
        // group similar prompts and lengths together to reduce padding
        List<Group> sorted = groups.stream()
                .sorted(Comparator.comparing((Group group) -> group.task().video())
                        .thenComparing(group -> group.task().audio())
                        .thenComparing(StepGradient::longest))
                .toList();
        Sums sums = new Sums();
        for (int from = 0; from < sorted.size(); from += descent.clips()) {
            add(sorted.subList(from, Math.min(sorted.size(), from + descent.clips())), completions, sums);
        }
        return sums.measured();
    }

    private static int longest(Group group) {
        return group.rollouts().stream()
                .mapToInt(rollout -> rollout.tokens().length)
                .max()
                .orElse(0);
    }

    private static final class Sums {
        private double loss;
        private double kl;
        private double entropy;
        private int tokens;
        private int completions;

        Measured measured() {
            return new Measured(loss, kl / Math.max(1, completions), entropy / Math.max(1, tokens), completions);
        }
    }

    private void add(List<Group> groups, int completions, Sums sums) throws IOException {
        List<Task> tasks = groups.stream().map(Group::task).toList();
        List<Rollout> rollouts =
                groups.stream().flatMap(group -> group.rollouts().stream()).toList();
        List<int[]> texts = rollouts.stream().map(Rollout::tokens).toList();
        List<int[][]> allowed = decoding == RolloutDecoding.GRAMMAR
                ? texts.stream()
                        .map(text -> policy.reader().allowed(decoding, text))
                        .toList()
                : null;
        Kernels.recordGradients(false);
        float[] referenceLogProbs = descent.beta() == 0 ? null : logProbs(reference, tasks, texts, allowed);
        Kernels.recordGradients(true);
        try (NDManager scope = policy.weights().manager().newSubManager()) {
            SharedPrompt.Scores scores = policy.prompts(scope, tasks).score(scope, texts, allowed);
            float[] weights = weights(rollouts, completions);
            Losses.Grpo loss = Losses.grpo(
                    kernels,
                    scope,
                    scores.logProbs(),
                    scope.create(referenceLogProbs == null ? scores.logProbs().toFloatArray() : referenceLogProbs),
                    scope.create(tokenAdvantages(groups, weights.length)),
                    scope.create(weights),
                    descent.beta());
            Kernels.backward(loss.total());
            sums.loss += loss.total().getFloat();
            float[] kl = loss.divergence().toFloatArray();
            float[] entropies = scores.entropies().toFloatArray();
            for (int i = 0; i < kl.length; i++) {
                sums.kl += kl[i] * weights[i] * completions;
                sums.entropy += entropies[i];
            }
            sums.tokens += kl.length;
            sums.completions += rollouts.size();
        } finally {
            Kernels.recordGradients(false);
        }
    }

    private static float[] logProbs(Policy of, List<Task> tasks, List<int[]> texts, List<int[][]> allowed)
            throws IOException {
        try (NDManager scope = of.weights().manager().newSubManager()) {
            return of.prompts(scope, tasks)
                    .score(scope, texts, allowed)
                    .logProbs()
                    .toFloatArray();
        }
    }

    /** The weight of each token in the loss: 1 / (completions * tokens of its completion). */
    private static float[] weights(List<Rollout> rollouts, int completions) {
        float[] weights = new float
                [rollouts.stream().mapToInt(rollout -> rollout.tokens().length).sum()];
        int at = 0;
        for (Rollout rollout : rollouts) {
            int length = rollout.tokens().length;
            Arrays.fill(weights, at, at + length, (float) (1.0 / completions / length));
            at += length;
        }
        return weights;
    }

    /** The advantages of all tokens, in the order of groups and completions. */
    private float[] tokenAdvantages(List<Group> groups, int tokens) {
        float[] all = new float[tokens];
        int at = 0;
        for (Group group : groups) {
            for (float[] own : advantages.tokens(group)) {
                System.arraycopy(own, 0, all, at, own.length);
                at += own.length;
            }
        }
        return all;
    }
}
