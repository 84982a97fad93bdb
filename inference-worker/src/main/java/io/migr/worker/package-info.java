/**
 * Requests in; predictions, explanations and dead letters out, a transaction a batch. A poll thread keeps the
 * consumer alive and fills an inbox, an inference thread empties it; they share nothing else.
 */
package io.migr.worker;
