/**
 * Measures a model. Clips enter with their known truth, an analyser answers, and one {@code Outcome} per clip is kept:
 * enough to compute every metric again later, per slice, per judge, with an interval, and paired with another model's.
 * How numbers are shown is decided in {@code report}.
 */
package io.migr.trainer.measure;
