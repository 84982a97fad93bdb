/**
 * Turns the bytes of a media segment into sampled frames and sound, without any model,
 * and cuts recordings into segments. FFmpeg decodes in a child process. No Kafka, no DJL.
 */
package io.migr.features;
