/**
 * How tokens are chosen: batched decoding over a key-value cache, sampling, and the constraint on the
 * token that may come next. Token ids enter and leave.
 */
package io.migr.model.decode;
