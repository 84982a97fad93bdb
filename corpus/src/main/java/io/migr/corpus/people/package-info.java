/**
 * Clips of people in the space of measured cues: what a label shows, what is measured of it, and the exact posterior
 * that follows. Every number is in {@code people-noise.json}, with its source. Knows nothing of the drawn clips above.
 */
package io.migr.corpus.people;
