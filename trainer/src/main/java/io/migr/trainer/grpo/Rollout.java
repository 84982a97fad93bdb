package io.migr.trainer.grpo;

import io.migr.trainer.reward.Completion;


/**
 * One sampled completion of a task.
 *
 * @param tokens its ids; the end token is the last of them when it was picked
 * @param stopped the end token was picked; false: cut at the limit
 * @param orderToken where among {@code tokens} the first modality block's order is decided; -1: nowhere
 * @param completion what rewards read
 * @param rewards one per reward, in the order of the rewards
 */
public record Rollout(int[] tokens, boolean stopped, int orderToken, Completion completion, double[] rewards) {}
