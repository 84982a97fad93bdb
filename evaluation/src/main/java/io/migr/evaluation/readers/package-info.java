/**
 * Readers find the emotions that an explanation supports, for metrics: exactly by the grammar, or with one
 * of the judges. An explanation enters, one {@code Statement} per reader leaves.
 */
package io.migr.evaluation.readers;
