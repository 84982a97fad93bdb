/**
 * Turns labelled feedback into training material: what the live model measures in a labelled clip takes the place of
 * the ground truth known for corpus clips. Input: clips as features. Output: clip libraries for {@code base} stages.
 */
package io.migr.trainer.feedback;
