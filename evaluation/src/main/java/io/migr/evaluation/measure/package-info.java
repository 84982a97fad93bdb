/**
 * What a model is measured by. Clips enter with what is known of them, an analyser answers, and one
 * {@code Outcome} a clip is kept: enough to compute every metric again later, per slice, per judge, with
 * an interval, and paired with another model's. How a number is shown is the business of {@code report}.
 */
package io.migr.evaluation.measure;
