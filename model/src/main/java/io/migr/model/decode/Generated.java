package io.migr.model.decode;

/**
 * One decoded sequence.
 *
 * @param tokens the ids picked, the end token excluded
 * @param logProbs log-probability of each under the unconstrained, untempered distribution, nats
 * @param stopped the end token was picked; false: the length limit ended it
 */
public record Generated(int[] tokens, float[] logProbs, boolean stopped) {}
