/**
 * Procedural talking-face clips whose truth is known: which action units, which prosody, which emotion,
 * and which modality carries it. A clip is a pure function of its seed; nothing is stored. Seeds enter;
 * pictures, sound, truth and reference explanations leave.
 */
package io.migr.corpus;
