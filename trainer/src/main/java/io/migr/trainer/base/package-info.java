/**
 * Supervised training from scratch on the corpus: first the vision tower (action units), then the audio tower (prosody,
 * non-verbal sounds), then projectors, evidence heads and decoder on explanations whose blocks are in order of modality
 * importance. Clips are rendered once; every stage writes checkpoints, and a resumed run ends with the same weights.
 */
package io.migr.trainer.base;
