/**
 * Training from scratch on the corpus, for research: the vision tower on action units, the audio tower
 * on prosody and non-verbal sounds, then the reasoning stage.
 */
package io.migr.lab.base;
