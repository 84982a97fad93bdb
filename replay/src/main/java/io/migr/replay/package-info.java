/**
 * Recorded requests or clips run through any version of the model, and a report of what changed. The
 * range is fixed when a replay starts; it can be stopped, resumed and shared. Results of the same clips
 * are compared one after another, so that memory does not grow with their number.
 */
package io.migr.replay;
