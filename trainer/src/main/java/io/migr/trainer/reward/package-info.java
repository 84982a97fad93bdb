/**
 * Rewards of the second stage: what a sampled explanation is worth. A reward reads a completion and what
 * is known of its clip, and returns a number; it never sees the network ({@code grpo} has one that does).
 * From MIGR (arXiv 2512.02699), and ERV's think-step reward (arXiv 2510.23506) for the baseline.
 */
package io.migr.trainer.reward;
