/**
 * Labelled feedback as training material: what the live model measures in a labelled clip takes the
 * place of the truth that the corpus knows. Clips enter as features, libraries for the stages leave.
 */
package io.migr.trainer.feedback;
