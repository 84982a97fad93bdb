/**
 * A segment's bytes become sampled frames, a log-mel and prosody, independent of any model. Media enters as
 * bytes, {@link io.migr.features.ClipFeatures} leaves; decoding runs in a child process. No Kafka, no DJL.
 */
package io.migr.features;
