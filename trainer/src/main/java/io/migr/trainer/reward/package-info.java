/**
 * Rewards of the second training stage, which score sampled explanations. A reward maps a completion and what is known
 * about its clip to a number; it never sees the network, and uses a verifier only through {@link
 * io.migr.trainer.reward.SentenceVerifier}. The rewards are those of MIGR (arXiv 2512.02699), and ERV's think-step
 * reward (arXiv 2510.23506) for the baseline.
 */
package io.migr.trainer.reward;
