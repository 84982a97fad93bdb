/**
 * The promotion gate: decides whether a candidate may replace the live model, from the outcomes of both
 * on the same clips. A verdict leaves, with its reason and all numbers; the trainer acts on it.
 */
package io.migr.evaluation.promotion;
