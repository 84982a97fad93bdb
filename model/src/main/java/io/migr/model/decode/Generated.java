package io.migr.model.decode;

/**
 * One decoded sequence.
 *
 * @param tokens the ids picked, the end token excluded
 * @param stopped the end token was picked; false: the length limit ended it
 */
public record Generated(int[] tokens, boolean stopped) {}
