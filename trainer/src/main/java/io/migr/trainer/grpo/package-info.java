/**
 * Group relative policy optimisation of the decoder's explanations: groups of completions are sampled over one run of
 * each clip's prompt, rewards say what they are worth, and the policy moves towards those above their group's mean,
 * held near the supervised model by a KL term. Clips' tokens come in through {@link io.migr.trainer.grpo.ClipTokens},
 * rewards from {@code io.migr.trainer.reward}; weights, a journal and a checkpoint go out.
 */
package io.migr.trainer.grpo;
