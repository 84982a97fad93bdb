/**
 * Rewards of the second stage: what a sampled explanation is worth. A reward reads a completion and what
 * is known of its clip, and answers a number; it never sees the network. From MIGR (arXiv 2512.02699),
 * and ERV's think-step reward (arXiv 2510.23506) for the baseline.
 */
package io.migr.trainer.reward;
