/** What was measured in a clip, as rows of numbers for a network and as what a text may claim. */
package io.migr.model.cues;
