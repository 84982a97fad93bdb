/**
 * Whether a candidate may replace the live model: decided from the outcomes of both on the same clips,
 * with the numbers that decided. What is done with the verdict is up to the service.
 */
package io.migr.evaluation.promotion;
