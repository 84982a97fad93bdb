/** Clips measured as clips of people are, for models of cues. */
package io.migr.evaluation.people;
