/**
 * Group relative policy optimisation of the decoder's explanations. Groups of completions are sampled
 * over one run of each clip's prompt, rewards score them, and the policy moves towards those above their
 * group's mean, held near the supervised model by a KL term. Weights, a journal and a checkpoint leave.
 */
package io.migr.trainer.grpo;
