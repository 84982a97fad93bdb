/**
 * Group relative policy optimisation of the decoder's explanations: groups of completions are sampled over one run of
 * each clip's prompt, rewards score them, and the policy moves towards those above their group's mean, kept near the
 * supervised model by a KL term. Input: clips' tokens from {@link io.migr.trainer.grpo.ClipTokens} and rewards from
 * {@code io.migr.trainer.reward}. Output: weights, a journal and a checkpoint.
 */
package io.migr.trainer.grpo;
