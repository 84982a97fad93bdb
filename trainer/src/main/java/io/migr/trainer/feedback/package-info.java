/**
 * Labelled feedback as something to learn from: what the live model measures in a labelled clip takes the place of the truth
 * that the corpus knows. Clips come in as features, libraries for {@code base} stages go out.
 */
package io.migr.trainer.feedback;
