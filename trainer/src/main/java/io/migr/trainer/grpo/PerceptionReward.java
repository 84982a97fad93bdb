package io.migr.trainer.grpo;

import ai.djl.ndarray.NDManager;
import io.migr.corpus.text.CueReader;
import io.migr.engine.Kernels;
import io.migr.model.Block;
import io.migr.model.Modality;
import io.migr.model.explain.Tokenizer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.DoubleStream;

/**
 * Rewards sentences about a modality that depend on it. A sentence s in the block of modality m changes by
 *
 * <pre>
 * D(s) = mean over its tokens t of  log p(t | clip, text before t) - log p(t | clip without m, text before t)
 *
 * r = weight * mean over the modalities m of the clip of  #[s of m: D(s) >= {@value #LEAST}, s is new] / #[s of m]
 * </pre>
 *
 * with D in nats per token. A malformed completion gets 0. A sentence that is as probable without the modality earns
 * nothing. The mean is taken over blocks and not over all sentences: otherwise a policy could, at no cost, shorten a
 * block to one sentence that denies its modality. A sentence is new unless an earlier one in its block makes the same
 * claim ({@link CueReader#claim}); without this condition, a policy learned to write such sentences twice. The idea is
 * that of arXiv 2606.25325, the form is our own. Range 0..weight.
 */
public final class PerceptionReward implements PolicyReward {
    /** The smallest change at which a sentence counts as depending on the modality, nats per token. */
    static final double LEAST = 0.05;

    private final double weight;

    /** Creates a reward; {@code weight}, above 0, is its largest value. */
    public PerceptionReward(double weight) {
        if (!(weight > 0)) {
            throw new IllegalArgumentException("The perception reward needs a weight above 0, not " + weight + ".");
        }
        this.weight = weight;
    }

    @Override
    public String name() {
        return "perception";
    }

    @Override
    public double[][] of(Policy policy, List<Group> groups) throws IOException {
        Kernels.recordGradients(false);
        float[][] seen = scores(policy, groups, null);
        float[][] unseen = scores(policy, groups, Modality.VISUAL);
        float[][] unheard = scores(policy, groups, Modality.AUDIO);
        double[][] rewards = new double[groups.size()][];
        int at = 0;
        for (int g = 0; g < rewards.length; g++) {
            Task task = groups.get(g).task();
            List<Rollout> rollouts = groups.get(g).rollouts();
            rewards[g] = new double[rollouts.size()];
            for (int i = 0; i < rewards[g].length; i++, at++) {
                Rollout rollout = rollouts.get(i);
                if (rollout.completion().explanation().isPresent()) {
                    double face =
                            task.video() ? share(policy, rollout, Modality.VISUAL, seen[at], unseen[at]) : Double.NaN;
                    double voice =
                            task.audio() ? share(policy, rollout, Modality.AUDIO, seen[at], unheard[at]) : Double.NaN;
                    rewards[g][i] = weight
                            * DoubleStream.of(face, voice)
                                    .filter(share -> !Double.isNaN(share))
                                    .average()
                                    .orElse(1);
                }
            }
        }
        return rewards;
    }

    /**
     * Log-probabilities {@code [completion][token]}, with one modality hidden from the policy.
     *
     * @param masked the hidden modality; null: neither is hidden
     */
    private static float[][] scores(Policy policy, List<Group> groups, Modality masked) throws IOException {
        List<Task> tasks = new ArrayList<>();
        List<int[]> texts = new ArrayList<>();
        for (Group group : groups) {
            Task task = group.task();
            tasks.add(new Task(
                    task.clip(),
                    task.video() && masked != Modality.VISUAL,
                    task.audio() && masked != Modality.AUDIO,
                    task.target()));
            group.rollouts().forEach(rollout -> texts.add(rollout.tokens()));
        }
        float[] flat;
        try (NDManager scope = policy.weights().manager().newSubManager()) {
            flat = policy.prompts(scope, tasks)
                    .score(scope, texts, null)
                    .logProbs()
                    .toFloatArray();
        }
        float[][] scores = new float[texts.size()][];
        int from = 0;
        for (int i = 0; i < scores.length; i++) {
            scores[i] = Arrays.copyOfRange(flat, from, from + texts.get(i).length);
            from += texts.get(i).length;
        }
        return scores;
    }

    /** The share of a block's sentences that depend on its modality and are new; 0 for a block without sentences. */
    private static double share(Policy policy, Rollout rollout, Modality modality, float[] with, float[] without) {
        int[] tokens = rollout.tokens();
        int[] block = block(policy.tokenizer(), tokens, Block.of(modality));
        Set<Object> claims = new HashSet<>();
        int from = block[0];
        int changed = 0;
        int all = 0;
        for (int t = block[0]; t < block[1]; t++) {
            boolean ends =
                    policy.tokenizer().decode(new int[] {tokens[t]}).strip().endsWith(".");
            if (ends || t + 1 == block[1]) {
                double change = 0;
                for (int i = from; i <= t; i++) {
                    change += with[i] - without[i];
                }
                String sentence = policy.tokenizer().decode(Arrays.copyOfRange(tokens, from, t + 1));
                boolean isNew = claims.add(CueReader.claim(sentence));
                changed += isNew && change / (t + 1 - from) >= LEAST ? 1 : 0;
                all++;
                from = t + 1;
            }
        }
        return all == 0 ? 0 : changed / (double) all;
    }

    /** The first token of a block's text, without tags, and the one after its last; equal if there is no block. */
    static int[] block(Tokenizer tokenizer, int[] tokens, Block block) {
        int[] open = ids(tokenizer, block.openingTag());
        int[] close = ids(tokenizer, block.closingTag());
        int from = find(tokens, open, 0);
        int to = from < 0 ? -1 : find(tokens, close, from + open.length);
        return to < 0 ? new int[] {0, 0} : new int[] {from + open.length, to};
    }

    private static int[] ids(Tokenizer tokenizer, String text) {
        return Arrays.stream(tokenizer.encode(text)).mapToInt(id -> (int) id).toArray();
    }

    private static int find(int[] tokens, int[] wanted, int from) {
        for (int t = from; t + wanted.length <= tokens.length; t++) {
            if (Arrays.equals(tokens, t, t + wanted.length, wanted, 0, wanted.length)) {
                return t;
            }
        }
        return -1;
    }
}
