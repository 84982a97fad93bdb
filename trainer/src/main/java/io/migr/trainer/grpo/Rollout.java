package io.migr.trainer.grpo;

import io.migr.trainer.reward.Completion;

/**
 * One sampled completion of a task.
 *
 * @param tokens its ids, with the end token if it was sampled
 * @param stopped whether the end token was sampled; otherwise the text was cut at the limit
 * @param orderToken index in {@code tokens} of the token that decides which modality comes first; -1 if there is none
 * @param completion what the rewards read
 * @param rewards one value per reward, in the order of the rewards
 */
public record Rollout(int[] tokens, boolean stopped, int orderToken, Completion completion, double[] rewards) {}
