/**
 * Reads the published benchmarks DFEW and MAFW as their owners distribute them to licensees. A folder enters; labelled
 * clips leave, with a list of everything in the folder that could not be used. Nothing is skipped silently, and no
 * recording is kept.
 */
package io.migr.trainer.benchmark;
