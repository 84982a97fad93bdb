/**
 * What a model is measured by. Clips enter with what is known of them, an analyser answers, and an {@code Outcome} a
 * clip is kept: enough to compute every metric again later, per slice, per judge, with an interval, and paired with
 * another model's. Nothing in here knows how a number is shown; that is {@code report}'s business.
 */
package io.migr.trainer.measure;
