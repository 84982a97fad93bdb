/**
 * Supervised training of the network on the procedural corpus, and the metrics that say how good it is.
 * Clips come from {@code corpus}, the network from {@code model}; weights and a metrics file go out.
 */
package io.migr.trainer;
