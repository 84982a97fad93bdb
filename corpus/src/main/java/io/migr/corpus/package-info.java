/**
 * Procedural talking-face clips with known ground truth: action units, prosody, emotion, and the modality that carries
 * the emotion. A clip is a pure function of its seed and nothing is stored. Input: seeds. Output: pictures, sound,
 * ground truth and rationales.
 */
package io.migr.corpus;
