/**
 * Supervised fine-tuning: projectors, evidence heads and decoder learn explanations in the order of
 * modality importance. Clips come from a library; every stage checkpoints and resumes to the same weights.
 */
package io.migr.trainer.sft;
