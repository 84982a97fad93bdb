/**
 * Published benchmarks as their owners hand them out to who has a licence: DFEW and MAFW. A folder enters; labelled
 * clips leave, and with them an account of everything in the folder that could not be used. Nothing is skipped in
 * silence, and no recording is kept.
 */
package io.migr.trainer.benchmark;
