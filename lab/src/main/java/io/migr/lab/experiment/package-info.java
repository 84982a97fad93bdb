/**
 * The comparison of MIGR with its baselines. A {@link io.migr.lab.experiment.Plan} names arms, texts,
 * seeds, sizes and claims; {@link io.migr.lab.experiment.Experiment} trains and evaluates arm by arm and
 * resumes where it stopped; {@link io.migr.lab.experiment.ExperimentResults} reads the outcomes back and
 * writes the page.
 */
package io.migr.lab.experiment;
