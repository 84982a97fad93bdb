/**
 * Decides whether a candidate may replace the live model, from outcomes of both on the same clips, and reports the
 * numbers that decided. Outcomes come from {@code measure}; the training service acts on the verdict.
 */
package io.migr.trainer.promotion;
