/**
 * Turns a segment's bytes into sampled frames, a log-mel spectrogram and prosody, independent of any model. The input
 * is media as bytes, the output {@link io.migr.features.ClipFeatures}; decoding runs in a child process. This package
 * uses neither Kafka nor DJL.
 */
package io.migr.features;
