/**
 * Labelled clips as training material. The truth of a recording is unknown, so its annotation is what
 * the live model measures in it. Clips enter as features, libraries for the stages leave.
 */
package io.migr.trainer.feedback;
