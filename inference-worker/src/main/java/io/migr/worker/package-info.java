/**
 * Requests in; predictions, explanations and dead letters out, one transaction per batch. A poll thread
 * keeps the consumer alive and fills an inbox, an inference thread empties it; they share nothing else.
 * A third thread follows which version of the model is live and loads it; the inference thread switches
 * to it between two batches.
 */
package io.migr.worker;
