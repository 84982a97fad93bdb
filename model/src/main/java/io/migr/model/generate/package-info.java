/** Decoding: what may follow is said by a {@link io.migr.model.generate.TokenConstraint}, what is picked by sampling. */
package io.migr.model.generate;
