/**
 * The metrics of a model. Clips enter with what is known of them, an analyser analyses them, and one
 * {@code Outcome} a clip is kept: enough to compute every metric again later, per slice, per reader, with
 * an interval, and paired with another model's. The {@code report} package shows the numbers.
 */
package io.migr.evaluation.measure;
