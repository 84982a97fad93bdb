/**
 * Supervised training from nothing, on the corpus: first the vision tower (action units), then the audio tower
 * (prosody, non-verbal sounds), then projectors, evidence heads and decoder on explanations in the order of modality
 * importance. Clips are rendered once; every stage checkpoints and resumes to the same weights.
 */
package io.migr.trainer.base;
