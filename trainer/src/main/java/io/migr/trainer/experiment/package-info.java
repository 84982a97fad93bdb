/**
 * The comparison of MIGR with its baselines. One file, a {@link io.migr.trainer.experiment.Plan}, names arms, texts,
 * seeds, sizes and claims; {@link io.migr.trainer.experiment.Experiment} trains and evaluates arm by arm and continues
 * where it was stopped; {@link io.migr.trainer.experiment.Results} reads the outcomes back and writes the page.
 */
package io.migr.trainer.experiment;
