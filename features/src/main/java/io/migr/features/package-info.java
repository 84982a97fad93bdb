/**
 * The bytes of a segment become sampled frames, a log-mel and prosody, independent of any model.
 * Recordings are cut into segments here too. Decoding runs in a child process. No Kafka, no DJL.
 */
package io.migr.features;
